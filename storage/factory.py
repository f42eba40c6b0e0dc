"""The store that the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.filesystem import FilesystemStore
from storage.objects import ObjectStore
from storage.settings import StorageSettings

if TYPE_CHECKING:  # its client takes a tenth of a second to load, in each of the processes of a machine that has none
    from storage.s3 import S3Store


def make_store(settings: StorageSettings) -> ObjectStore:
    """Opens no connection and makes no folder."""
    return _bucket(settings) if settings.kind == "s3" else FilesystemStore(settings.root)


def prepare_store(settings: StorageSettings) -> ObjectStore:
    """The store, after making its folder or bucket where there was none: once, when a system is set up."""
    if settings.kind != "s3":
        store = make_store(settings)
    else:
        bucket = _bucket(settings)
        bucket.ensure_bucket()
        store = bucket
    store.ping()
    return store


def _bucket(settings: StorageSettings) -> S3Store:
    from storage.s3 import S3Store  # noqa: PLC0415 - as above

    return S3Store(settings.s3_options())

"""The store that the settings ask for."""

from __future__ import annotations

from storage.filesystem import FilesystemStore
from storage.objects import ObjectStore
from storage.s3 import S3Store
from storage.settings import StorageSettings


def make_store(settings: StorageSettings) -> ObjectStore:
    """Opens no connection and makes no folder."""
    if settings.kind == "s3":
        return S3Store(settings.s3_options())
    return FilesystemStore(settings.root)


def prepare_store(settings: StorageSettings) -> ObjectStore:
    """The store, after making its folder or bucket where there was none: once, when a system is set up."""
    store = make_store(settings)
    if isinstance(store, S3Store):
        store.ensure_bucket()
    store.ping()
    return store

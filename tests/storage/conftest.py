"""Both stores, so that a test which asks for ``store`` runs against each."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.filesystem import FilesystemStore
from storage.objects import ObjectStore
from storage.s3 import S3Store
from storage.s3_options import S3Options
from tests.services import S3Server


def s3_options(server: S3Server, bucket: str) -> S3Options:
    return S3Options(
        endpoint=server.endpoint,
        access_key=server.access_key,
        secret_key=server.secret_key,
        bucket=bucket,
        secure=False,
        region=server.region,
        public_endpoint=server.endpoint,
        public_secure=False,
    )


@pytest.fixture
def s3_store(s3_server: S3Server, s3_bucket: str) -> S3Store:
    return S3Store(s3_options(s3_server, s3_bucket))


@pytest.fixture(params=["filesystem", pytest.param("s3", marks=pytest.mark.services)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "filesystem":
        return FilesystemStore(tmp_path / "objects")
    store: S3Store = request.getfixturevalue("s3_store")
    return store

"""Keys are spelled in one place; settings refuse what can't be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from storage import keys
from storage.factory import make_store, prepare_store
from storage.filesystem import FilesystemStore
from storage.objects import InvalidKey
from storage.s3 import S3Store
from storage.settings import StorageSettings

SCAN = "0123456789abcdef0123456789abcdef"


def test_keys_are_what_the_documentation_says() -> None:
    assert keys.original_key("ab" * 32) == "originals/ab/" + "ab" * 32
    assert keys.page_image_key(SCAN, 1) == f"derived/01/{SCAN}/pages/0001.jpg"
    assert keys.page_words_key(SCAN, 12) == f"derived/01/{SCAN}/pages/0012.words"
    assert keys.component_pdf_key(SCAN, 0, 2) == f"derived/01/{SCAN}/components/0000-v0002.pdf"
    assert keys.page_image_key(SCAN, 10_000).endswith("/10000.jpg")


@pytest.mark.parametrize("value", ["", "A" * 64, "a" * 63, "g" * 64, "../" + "a" * 61, "a" * 64 + "\n"])
def test_only_a_hash_names_an_original(value: str) -> None:
    with pytest.raises(InvalidKey):
        keys.original_key(value)


@pytest.mark.parametrize("value", ["", "..", "a/b", ".x", "hồ", "a" * 65])
def test_only_an_id_names_a_scan(value: str) -> None:
    with pytest.raises(InvalidKey):
        keys.scan_prefix(value)
    with pytest.raises(InvalidKey):
        keys.page_image_key(SCAN, -1)


@given(st.text(max_size=40))
def test_what_passes_the_check_stays_inside_the_store(text: str) -> None:
    try:
        keys.check_key(text)
    except InvalidKey:
        return
    root = Path("/srv/objects")
    path = root / text
    assert path.is_relative_to(root)
    assert ".." not in path.parts
    assert text == path.relative_to(root).as_posix()
    assert text.isascii()


def test_the_hash_of_an_original_is_read_back() -> None:
    assert keys.sha256_of(keys.original_key("ab" * 32)) == "ab" * 32
    assert keys.sha256_of("originals/cd/" + "ab" * 32) is None
    assert keys.sha256_of(keys.page_image_key(SCAN, 1)) is None


def test_the_default_is_a_folder(tmp_path: Path) -> None:
    store = prepare_store(StorageSettings(root=tmp_path / "objects"))
    assert isinstance(store, FilesystemStore)
    assert (tmp_path / "objects").is_dir()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "KIND": "s3",
        "S3_ENDPOINT": "127.0.0.1:1",
        "S3_ACCESS_KEY": "k",
        "S3_SECRET_KEY": "long secret",
        "S3_SECURE": "false",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"DIGITIZE_STORAGE_{name}", value)
    settings = StorageSettings()
    assert "long secret" not in repr(settings)
    store = make_store(settings)
    assert isinstance(store, S3Store)
    assert store.bucket == "digitize"


@pytest.mark.parametrize(
    "wrong",
    [
        {"s3_endpoint": None},
        {"s3_endpoint": "http://127.0.0.1:8333"},
        {"s3_access_key": ""},
        {"s3_secret_key": SecretStr("")},
        {"s3_secret_key": SecretStr("minioadmin")},
        {"s3_retention_days": 0},
        {"s3_retention_mode": "NONE"},
        {"kind": "ftp"},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "kind": "s3",
        "s3_endpoint": "127.0.0.1:1",
        "s3_access_key": "k",
        "s3_secret_key": "long",
    }
    StorageSettings.model_validate(right)
    with pytest.raises(ValidationError):
        StorageSettings.model_validate(right | wrong)

"""Sample papers as if the workers had read them, with doubts where a test wants them: the story needs no worker, and takes seconds."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.database import transaction
from models.entities import Component, Page, Scan
from models.page_record import LENGTH, MAGIC
from models.search import make_index
from storage.keys import page_image_key, page_words_key
from tests.digitize_api.api import Api, jpeg
from tests.digitize_api.test_upload import post
from tests.paths import SAMPLES

SURE, UNSURE = 0.96, 0.4
_PREVIEW = 1600  # pixels high, as the workers make them


def read_sample(
    api: Api, code: str, files: Sequence[str], *, fields: Mapping[str, Any], unsure: Sequence[str] = (), **columns: Any
) -> str:
    """A component whose pages are these sample images; its id.

    Its fields are the first file's truth with ``fields`` laid over it. ``unsure``: words that were not read for sure.
    """
    with api.sessions() as session:
        number = session.scalars(select(func.count()).select_from(Scan)).one()
    # Colours that JPEG tells apart: another file each.
    scan = post(api.station(), code, jpeg(8 * number % 256), key=f"{code}-{number}").json()["id"]
    made = api.read(scan, ["Giấy tờ"] * len(files))
    truths = [json.loads((SAMPLES / "set" / f"{file}.truth.json").read_text()) for file in files]
    known = {
        name: {"confidence": SURE, "source": "ocr", **field}
        for name, field in truths[0]["components"][0]["fields"].items()
        if field["value"]
    }
    with transaction(api.sessions) as session:
        component = session.get_one(Component, made)
        component.fields = {
            name: {**known.get(name, {}), **field}
            for name, field in ({name: {} for name in known} | dict(fields)).items()
        }
        component.paper_type = truths[0]["components"][0]["paper_type"]
        component.paper_type_score, component.title = 0.95, ""
        for name, value in columns.items():
            setattr(component, name, value)
        for page, file, truth in zip(_pages(session, scan), files, truths, strict=True):
            drawn = truth["pages"][0]
            page.width, page.height, page.warnings = drawn["width"], drawn["height"], []
            page.text = "\n".join(" ".join(word["text"] for word in line["words"]) for line in drawn["lines"])
            page.words_key = page_words_key(scan, page.number)
            _put(api, page.words_key, _record(drawn, unsure), "application/octet-stream")
            _put(api, page_image_key(scan, page.number), _preview(file), "image/jpeg")
        session.flush()
        make_index(api.engine).index_component(session, made)
    return made


def _pages(session: Session, scan: str) -> list[Page]:
    return list(session.scalars(select(Page).where(Page.scan_id == scan).order_by(Page.number)))


def _put(api: Api, key: str, data: bytes, media_type: str) -> None:
    api.store.put(key, io.BytesIO(data), media_type=media_type, overwrite=True)


def _record(page: Mapping[str, Any], unsure: Sequence[str]) -> bytes:
    lines = [
        [None, [[word["text"], *word["box"], UNSURE if word["text"] in unsure else SURE] for word in line["words"]]]
        for line in page["lines"]
    ]
    number = next(
        (word["box"] for line in page["lines"] for word in line["words"] if "number" in word.get("fields", ())), None
    )
    slots = [["number", number, "pen", None, None, "HANDWRITING", [["14", 0.6], ["74", 0.3]]]] if number else []
    text = json.dumps({"lines": lines, "slots": slots}).encode()
    return MAGIC + LENGTH.pack(len(text)) + text


def _preview(file: str) -> bytes:
    out = io.BytesIO()
    with Image.open(SAMPLES / "set" / file) as image:
        image.thumbnail((_PREVIEW, _PREVIEW))
        image.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()

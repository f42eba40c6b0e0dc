"""What the reviewer's form says, against what it was filled from: only what differs is a correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from digitize_api.components.schemas import MAX_VALUE, Correction, known_field
from digitize_api.web.papers import written
from digitize_api.web.review.shown import Typed
from digitize_api.web.words import Words
from models.entities import Component
from models.errors import InvalidRequest
from models.fields import is_day
from models.paper_facts import ABSENT, doubtful_fields
from models.vietnamese import nfc
from models.vietnamese.dates import typed_day

FIELD, ABSENT_OF = "f-", "a-"
_MOST: Final = {"title": 300}


@dataclass(frozen=True, slots=True)
class Filled:
    """``correction`` is ``None`` where something typed can't be taken; ``typed`` says what, and keeps all of it."""

    correction: Correction | None
    typed: Typed


def read_form(form: Mapping[str, str], component: Component, words: Words, *, accept: bool) -> Filled:
    """The correction that the form means. ``accept``: doubtful values that were left as they are, are right.

    Raises ``InvalidRequest`` for what our own page would not send.
    """
    texts = {key[len(FIELD) :]: " ".join(nfc(value).split()) for key, value in form.items() if key.startswith(FIELD)}
    ticked = frozenset(key[len(ABSENT_OF) :] for key in form if key.startswith(ABSENT_OF))
    said = _Said(component, words)
    for name, text in texts.items():
        said.take(name, text, ticked=name in ticked)
    typed = Typed(form.get("paper_type", ""), texts, ticked, said.wrong)
    if said.wrong:
        return Filled(None, typed)
    asked: dict[str, object] = {"version": form.get("version", ""), "fields": said.fields, "absent": said.absent}
    if said.fields.get("title"):
        asked["title"] = said.fields["title"]
    kind = form.get("paper_type", "")
    if kind and kind != component.paper_type:
        asked["paper_type"] = kind
    if form.get("compared"):
        asked["scope"] = {"compared": True}
    if accept:
        settled = {*said.fields, *said.absent}
        asked["confirmed"] = [name for name in doubtful_fields(component) if name not in settled]
    try:
        return Filled(Correction.model_validate(asked), typed)
    except ValidationError as error:
        raise InvalidRequest from error


class _Said:
    """What differs from the component, field by field. ``wrong``: why what was typed can't be taken."""

    def __init__(self, component: Component, words: Words) -> None:
        self._component, self._words = component, words
        self.fields: dict[str, str | None] = {}
        self.absent: list[str] = []
        self.wrong: dict[str, str] = {}

    def take(self, name: str, text: str, *, ticked: bool) -> None:
        """``ticked``: a person says that the paper has none; a value that was typed says more."""
        _known(name)
        old = self._component.fields.get(name) or {}
        was = written(str(old.get("value") or ""))
        if text:
            if text != was:
                self._typed(name, text)
        elif ticked:
            if old.get("reason") != ABSENT:
                self.absent.append(name)
        elif was or old.get("reason") == ABSENT:
            self.fields[name] = None

    def _typed(self, name: str, text: str) -> None:
        most = _MOST.get(name, MAX_VALUE)
        if len(text) > most:
            self.wrong[name] = self._words("review_too_long", count=most)
        elif not is_day(name):
            self.fields[name] = text
        elif (day := typed_day(text)) is not None:
            self.fields[name] = day.isoformat()
        else:
            self.wrong[name] = self._words("review_bad_day")


def _known(name: str) -> None:
    try:
        known_field(name)
    except ValueError as error:
        raise InvalidRequest from error

"""What the papers of a batch's scan are to the inventory: each paper's key, and whether the file is one paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.batches.entities import Batch, BatchItem, BatchPaper, BatchRescan, Layout
from models.batches.store import KEY_GROUP
from models.entities import Component


@dataclass(frozen=True, slots=True)
class Told:
    """Of one paper: the key on the separator sheet before it, and what the codes on its pages say, in page order."""

    component: Component
    sheet: str | None
    codes: Sequence[str]


def is_one_paper(session: Session, scan_id: str) -> bool:
    """Whether somebody has said that the scan's file is one paper, which only separator sheets part."""
    statement = select(Batch.layout).join(BatchItem, BatchItem.batch_id == Batch.id).where(BatchItem.scan_id == scan_id)
    if session.scalar(statement.limit(1)) == Layout.PAPER:
        return True
    # What comes for one paper is one paper, also where files are stacks.
    return session.scalar(select(BatchRescan.id).where(BatchRescan.scan_id == scan_id)) is not None


def keep_keys(session: Session, scan_id: str, papers: Iterable[Told]) -> None:
    """Each paper's key, by what is nearest to it: its own sheet, a code on it, the file's name or manifest if the file is one paper.

    A scan that belongs to no batch has none.
    """
    statement = select(BatchItem, Batch).join(Batch, Batch.id == BatchItem.batch_id).where(BatchItem.scan_id == scan_id)
    found = session.execute(statement.limit(1)).first()
    if found is None:
        return
    item, batch = found
    told = list(papers)
    session.execute(delete(BatchPaper).where(BatchPaper.component_id.in_([one.component.id for one in told])))
    for one in told:
        key, source = _key_of(one, batch, item, alone=len(told) == 1)
        if key is None:
            continue
        session.add(
            BatchPaper(
                component_id=one.component.id, item_id=item.id, agency_id=item.agency_id, key=key[:200], key_from=source
            )
        )
        if len(told) == 1 and source in {"sheet", "code"}:
            item.key, item.key_from = key[:200], source
    session.flush()


def _key_of(told: Told, batch: Batch, item: BatchItem, *, alone: bool) -> tuple[str | None, str]:
    if told.sheet is not None:
        return told.sheet, "sheet"
    if batch.code_pattern:
        for text in told.codes:
            match = re.fullmatch(batch.code_pattern, text)
            if match and match[KEY_GROUP]:
                return match[KEY_GROUP], "code"
    if alone and item.key and item.key_from:
        return item.key, item.key_from
    return None, ""

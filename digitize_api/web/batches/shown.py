"""A batch and its files as the page tells them."""

from __future__ import annotations

from dataclasses import dataclass

from digitize_api.web.batches.words import TEXT
from digitize_api.web.words import Words
from models.batches.entities import Batch, BatchItem, BatchState, ExistingOutput, ItemState, Layout
from models.batches.progress import Progress
from models.errors import catalogue
from models.local_time import LOCAL

_CODES = {kind.code for kind in catalogue()}


@dataclass(frozen=True, slots=True)
class BatchShown:
    """``mark``: of its badge. ``share``: of the bar, in words. ``rules``: how it works, in words."""

    id: str
    name: str
    agency: str
    agency_name: str
    state: str
    mark: str
    said: str
    aborted: str
    total: int
    settled: int
    settled_said: str
    share: str
    today: str
    left: str
    under_way: str
    pages: str
    pages_failed: str
    pace: str
    ends: str
    ends_day: str
    opens: str
    wrong: int
    twice: int
    twice_said: str
    may_run: bool
    may_pause: bool
    may_retry: bool
    rules: tuple[str, ...]
    created_by: str


def batch_shown(batch: Batch, progress: Progress, words: Words) -> BatchShown:
    states = progress.states
    finished = batch.state == BatchState.RUNNING and progress.total > 0 and progress.open == 0
    state = "finished" if finished else batch.state
    twice = states[ItemState.DUPLICATE] + states[ItemState.SKIPPED]
    mark = {"finished": "done", BatchState.ABORTED: "failed", BatchState.PAUSED: "open"}.get(state, "")
    ends = progress.ends_at.astimezone(LOCAL) if progress.ends_at else None
    return BatchShown(
        id=batch.id,
        name=batch.name,
        agency=batch.agency.code,
        agency_name=batch.agency.name,
        state=batch.state,
        mark=mark,
        said=words(f"ba_state_{state}"),
        aborted=_aborted(batch, words),
        total=progress.total,
        settled=progress.settled,
        settled_said=words("ba_settled", settled=words.number(progress.settled), total=words.number(progress.total)),
        share=share_said(progress.settled, progress.total, words),
        today=words.number(progress.done_today),
        left=words.number(progress.open),
        under_way=words("ba_under_way", count=words.number(states[ItemState.POSTED]))
        if states[ItemState.POSTED]
        else "",
        pages=words.number(progress.pages - progress.pages_failed),
        pages_failed=words("ba_pages_failed", count=words.number(progress.pages_failed))
        if progress.pages_failed
        else "",
        pace=words.number(round(progress.per_hour)) if progress.per_hour else "—",
        ends=ends.strftime("%H:%M") if ends else "—",
        ends_day=ends.strftime("%d/%m") if ends else "" if progress.open == 0 else words("ba_unknown"),
        opens=words("ba_opens", when=words.when(progress.opens_at)) if progress.opens_at else "",
        wrong=states[ItemState.FAILED] + states[ItemState.REFUSED] + states[ItemState.AGAIN],
        twice=twice,
        twice_said=words("ba_twice", count=words.number(twice)),
        may_run=batch.state != BatchState.RUNNING,
        may_pause=batch.state == BatchState.RUNNING and not finished,
        may_retry=states[ItemState.FAILED] + states[ItemState.REFUSED] > 0,
        rules=_rules(batch, words),
        created_by=batch.created_by.partition(":")[2] or batch.created_by,
    )


def share_said(part: int, whole: int, words: Words) -> str:
    """``96,7 %``, cut off and not rounded: a bar says 100 % when all is done and not before."""
    if not whole:
        return ""
    text = f"{1000 * part // whole / 10:.1f}"
    return (text.replace(".", ",") if words.language == "vi" else text) + " %"


def _aborted(batch: Batch, words: Words) -> str:
    key = f"ba_why_{batch.state_code}"
    if batch.state != BatchState.ABORTED or not batch.state_code:
        return ""
    detail = batch.state_detail or ""
    return words(key, detail=detail) if key in TEXT else f"{batch.state_code} {detail}"


def _rules(batch: Batch, words: Words) -> tuple[str, ...]:
    layout = words("ba_stack" if batch.layout == Layout.STACK else "ba_paper")
    failure = words(f"ba_{batch.page_failure}")
    said = [f"{words('ba_layout')} {layout}", f"{words('ba_page_failure')}: {failure}"]
    if batch.hours:
        said.append(f"{words('ba_hours')}: {batch.hours}")
    said.append(words("ba_at_once", count=batch.max_under_way))
    if batch.yields:
        said.append(words("ba_yields"))
    if batch.max_failure_share is not None:
        share = f"{100 * batch.max_failure_share:g}"
        said.append(words("ba_share", share=share.replace(".", ",") if words.language == "vi" else share))
    if batch.existing == ExistingOutput.OVERWRITE:
        said.append(words("ba_overwrite"))
    return tuple(said)


@dataclass(frozen=True, slots=True)
class ItemShown:
    number: int
    path: str
    key: str
    state: str
    said: str
    why: str
    advice: str
    dossier: str
    scan: str


def item_shown(item: BatchItem, words: Words) -> ItemShown:
    why, advice = "", ""
    if item.reason_code in _CODES:
        why, advice = words.error(item.reason_code)
    elif item.reason_code:
        why = words("ba_withdrawn") if item.reason_code == "WITHDRAWN" else item.reason_code
    return ItemShown(
        number=item.number,
        path=item.path,
        key=item.key or "",
        state=item.state,
        said=words(f"ba_item_{item.state}"),
        why=why,
        advice=advice,
        dossier=item.scan.dossier.code if item.scan else "",
        scan=item.scan_id or "",
    )

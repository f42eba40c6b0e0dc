"""Tables of a back-scan: a batch, where its files come from, every file, and the documents that they make.

An *item* is a document that becomes a scan: one file, or the two sides of a duplex scan put together. A *file* is what lay in the source, and
belongs to exactly one item. Both are kept for ever: what was refused, skipped or a duplicate is a row with a reason, never an absence.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.entities import Agency, Base, Scan, new_id, now


class BatchState(StrEnum):
    NEW = "new"  # nothing is posted before somebody runs it
    RUNNING = "running"
    PAUSED = "paused"  # by a person
    ABORTED = "aborted"  # by its own policy; state_code says which


class ItemState(StrEnum):
    WAITING = "waiting"  # its bytes are in the store; not posted yet
    POSTED = "posted"  # a scan is under way
    DONE = "done"
    FAILED = "failed"  # the scan ended otherwise, or a page failed and the batch says that such a paper is none
    REFUSED = "refused"  # no scan could be made of the file; it is in its source still
    SKIPPED = "skipped"  # another file stands for its key, and existing output is skipped
    DUPLICATE = "duplicate"  # the same bytes as another item of the batch
    AGAIN = "again"  # was refused or skipped; to be looked at anew in its source


OPEN_STATES = (ItemState.WAITING, ItemState.POSTED)
"""Of items that the service still has to do something for."""
TAKEN_AGAIN = (ItemState.REFUSED, ItemState.SKIPPED, ItemState.AGAIN)
"""Of items without a scan, which a mended file may replace."""


class PageFailure(StrEnum):
    """What a page that can't be read means for its paper (OCR-D's words)."""

    SKIP = "skip"  # the paper is set aside as failed, the batch goes on
    COPY = "copy"  # the page stays in the PDF as its picture without words, the paper is done
    ABORT = "abort"  # the paper is set aside and the batch stops


class ExistingOutput(StrEnum):
    """What a second file for the same key, or a changed one under the same path, means."""

    SKIP = "skip"
    OVERWRITE = "overwrite"  # it takes the place of the first, whose scan is taken out of the dossier


class Layout(StrEnum):
    PAPER = "paper"  # one file, one paper: never parted but at separator sheets
    STACK = "stack"  # several papers a file, parted by separator sheets and by what they say


class Duplex(StrEnum):
    """How two sides scanned one after the other come. ``…_back``: the backs begin with the last sheet, as a turned stack does."""

    NONE = "none"
    HALVES = "halves"  # one file: all fronts, then all backs
    HALVES_BACK = "halves-back"
    PAIRS = "pairs"  # two files: …-truoc and …-sau
    PAIRS_BACK = "pairs-back"


class SourceKind(StrEnum):
    FOLDER = "folder"
    ZIP = "zip"
    MANIFEST = "manifest"
    FILE = "file"


class RescanState(StrEnum):
    READING = "reading"  # or has ended otherwise than read, which its scan says
    DONE = "done"  # it has taken the paper's place
    GIVEN_UP = "given_up"  # it was read, but could not take the place; ``reason_code`` says why


class Batch(Base):
    """A back-scan of one agency: how its files are read, when, and what is done about failures."""

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("agency_id", "name", name="uq_batch_agency_id_name"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(10), default=BatchState.NEW, index=True)
    state_code: Mapped[str | None] = mapped_column(String(50))  # why it was aborted
    state_detail: Mapped[str | None] = mapped_column(String(300))
    procedure: Mapped[str] = mapped_column(String(50), default="")
    layout: Mapped[str] = mapped_column(String(10), default=Layout.PAPER)
    duplex: Mapped[str] = mapped_column(String(12), default=Duplex.NONE)
    key_pattern: Mapped[str] = mapped_column(String(200), default="")  # of the file's name; "": all of it
    code_pattern: Mapped[str] = mapped_column(String(200), default="")  # of a code on the paper; "": codes are no keys
    page_failure: Mapped[str] = mapped_column(String(10), default=PageFailure.COPY)
    existing: Mapped[str] = mapped_column(String(10), default=ExistingOutput.SKIP)
    max_failure_share: Mapped[float | None] = mapped_column(Float)  # 0..1; None: never
    failure_floor: Mapped[int] = mapped_column(default=20)  # settled items before the share is asked
    hours: Mapped[str] = mapped_column(String(100), default="")  # models.rules.batch_hours; "": always
    max_under_way: Mapped[int] = mapped_column(default=16)
    yields: Mapped[bool] = mapped_column(default=True)  # posts nothing while the counter's work waits
    settle_seconds: Mapped[float] = mapped_column(Float, default=5.0)  # a file unchanged for so long is complete
    created_by: Mapped[str] = mapped_column(String(110))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    started_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    agency: Mapped[Agency] = relationship(lazy="raise")


class BatchSource(Base):
    """A folder, ZIP or manifest on the machine where the batch is run."""

    __tablename__ = "batch_source"
    __table_args__ = (UniqueConstraint("batch_id", "path_key", name="uq_batch_source_batch_id_path_key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    kind: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(String(1000))
    path_key: Mapped[str] = mapped_column(String(64))
    refused_code: Mapped[str | None] = mapped_column(String(50))  # of the last look: a ZIP that is none
    refused_detail: Mapped[str | None] = mapped_column(String(500))
    added_at: Mapped[datetime] = mapped_column(default=now)


class BatchItem(Base):
    """One document of a batch. ``content_key`` is its hash, but of a duplicate nothing: so no content is posted twice."""

    __tablename__ = "batch_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "path_key", name="uq_batch_item_batch_id_path_key"),
        UniqueConstraint("batch_id", "content_key", name="uq_batch_item_batch_id_content_key"),
        UniqueConstraint("batch_id", "number", name="uq_batch_item_batch_id_number"),
        # All that a batch's progress asks of its items, who may be half a million.
        Index("ix_batch_item_batch_id_state_sums", "batch_id", "state", "pages", "pages_failed", "bytes"),
        Index("ix_batch_item_batch_id_settled_at", "batch_id", "settled_at", "state", "pages", "posted_at"),
        Index("ix_batch_item_batch_id_changed_at", "batch_id", "changed_at"),
        Index("ix_batch_item_agency_id_key", "agency_id", "key"),
        Index("ix_batch_item_state_batch_id", "state", "batch_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]  # from 1 in the batch, in the order in which files came
    path: Mapped[str] = mapped_column(String(1000))  # as it is told; of several files the first
    path_key: Mapped[str] = mapped_column(String(64))  # SHA-256 of the path: an index takes no thousand letters
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str | None] = mapped_column(String(50))
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))  # of the document as posted
    original_key: Mapped[str | None] = mapped_column(String(200))
    content_key: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(200))  # of the inventory
    key_from: Mapped[str | None] = mapped_column(String(10))  # name | manifest | sheet | code
    state: Mapped[str] = mapped_column(String(10))
    reason_code: Mapped[str | None] = mapped_column(String(50))
    reason_detail: Mapped[str | None] = mapped_column(String(500))
    duplicate_of_id: Mapped[str | None] = mapped_column(ForeignKey("batch_item.id"))
    dossier_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"))
    scan_id: Mapped[str | None] = mapped_column(ForeignKey("scan.id"), index=True)
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("scan.id"))  # the scan whose place it takes, once posted
    pages: Mapped[int | None]
    pages_failed: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    posted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    scan: Mapped[Scan | None] = relationship(lazy="raise", foreign_keys=[scan_id])


class BatchFile(Base):
    """A file of a source, as it was when it was taken."""

    __tablename__ = "batch_file"
    __table_args__ = (UniqueConstraint("batch_id", "path_key", name="uq_batch_file_batch_id_path_key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("batch_item.id"), index=True)
    path: Mapped[str] = mapped_column(String(1000))
    path_key: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    stamp: Mapped[str] = mapped_column(
        String(60)
    )  # size and time of change, or size and CRC in a ZIP: told without reading
    sha256: Mapped[str | None] = mapped_column(String(64))  # None: it could not be read
    place: Mapped[int]  # from 1 within the document
    side: Mapped[str] = mapped_column(String(5), default="")  # front | back


class BatchPaper(Base):
    """The inventory key of one paper (component) of a batch, where its separator sheet, a code on it, or the file says it."""

    __tablename__ = "batch_paper"
    __table_args__ = (Index("ix_batch_paper_agency_id_key", "agency_id", "key"),)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("batch_item.id"), index=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    key: Mapped[str] = mapped_column(String(200))
    key_from: Mapped[str] = mapped_column(String(10))


class BatchRescan(Base):
    """A returned paper scanned again: which scan came for it, why, and whether it has taken the paper's place (``models.batches.quality.rescans``).

    Until then the paper stands as it stood; from then on ``component_id`` is nobody's any more, and ``item_id`` the item that the new scan is of. Kept
    for ever: by it the scans before are known, with what was wrong with each.
    """

    __tablename__ = "batch_rescan"
    __table_args__ = (
        UniqueConstraint("scan_id", name="uq_batch_rescan_scan_id"),
        Index("ix_batch_rescan_batch_id_component_id", "batch_id", "component_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("batch_item.id"), index=True)
    component_id: Mapped[str] = mapped_column(String(32))  # of the paper that was returned
    old_scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), index=True)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"))
    state: Mapped[str] = mapped_column(String(10), default=RescanState.READING)
    reason_code: Mapped[str | None] = mapped_column(String(50))
    faults: Mapped[list[str]] = mapped_column(default=list)  # models.rules.faults: what it was returned for
    words: Mapped[str] = mapped_column(String(300), default="")
    asked_by: Mapped[str] = mapped_column(String(110))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    scan: Mapped[Scan] = relationship(lazy="raise", foreign_keys=[scan_id])

"""Tables, typed. Times are UTC and aware; ids are random UUID text; JSON columns hold only JSON types.

The database is the source of truth for work to be done: a row in ``dispatch`` says that a task must run, and the
broker is only the doorbell. ``event`` is append-only: what a person sees as the timeline, and what server-sent events
replay after a lost connection.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


def new_id() -> str:
    """A random id: 32 hex digits, unguessable, the same text on every database."""
    return uuid.uuid4().hex


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite drops time zones, so they are put back on the way out; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite only gives out AUTOINCREMENT-style ids on a column whose type is spelled INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Names every constraint, so that Alembic can alter them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
    }


class Role(StrEnum):
    """Who may do what; see ``digitize_api.auth``. A station is a machine, the others are people."""

    STATION = "station"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class ScanState(StrEnum):
    """The life of a scan, in order; ``REFUSED`` and ``FAILED`` end it early."""

    RECEIVED = "received"  # durable, nothing looked at yet
    READING = "reading"  # inspected, pages are being read
    ASSEMBLING = "assembling"  # every page has an outcome
    DONE = "done"
    REFUSED = "refused"  # the input can't be taken; refused_code says why
    BLOCKED_SECRET = "blocked_secret"  # noqa: S105 - no password; a page bears a mark of secrecy (R2): nothing that was read is kept
    FAILED = "failed"  # our defect, after every attempt
    WITHDRAWN = "withdrawn"  # somebody took it out of its dossier (models.withdrawals); it may be put back


class PageState(StrEnum):
    PENDING = "pending"
    READ = "read"
    FAILED = "failed"


class ComponentState(StrEnum):
    """TT 01/2023 Điều 7-10 as DESIGN orders them; ``models.lifecycle`` is the only place that moves them."""

    CAPTURED = "captured"
    CHECKED = "checked"
    SIGNED = "signed"
    EXTRACTED = "extracted"
    VERIFIED = "verified"
    CODED = "coded"
    STORED = "stored"


class SignatureState(StrEnum):
    """Of a component (TT 01/2023 Điều 8): whether the officer's signature is asked for, and there."""

    NOT_REQUIRED = "not_required"  # the rule set says so, visibly
    MISSING = "missing"
    VALID = "valid"
    INVALID = "invalid"


class ReuseState(StrEnum):
    """How a component of a dossier came to be digital; 2 and 3 are what the national exchange calls them (R27)."""

    REUSED = "2"
    REUSED_FROM_RESULT = "3"  # the result of another dossier


class Channel(StrEnum):
    """How a dossier was handed in."""

    COUNTER = "counter"
    ONLINE = "online"


class ResultForm(StrEnum):
    """What a finished dossier ended with."""

    PAPER = "paper"
    ELECTRONIC = "electronic"  # signed and issued as a file: there is nothing to scan (TT 01/2023 Điều 4, x1)
    NONE = "none"  # the procedure gives no paper


class DispatchState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"  # every attempt used up; the task's own failure handler has run


class Agency(Base):
    """An agency with its mã định danh (QĐ 20/2020): ``H56.14``."""

    __tablename__ = "agency"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(35), unique=True)
    given_code: Mapped[str | None] = mapped_column(String(40))  # as it was written, when in the older order (R23)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(
        Date
    )  # its last day: a district ends on 30/6/2025, its dossiers stay readable
    created_at: Mapped[datetime] = mapped_column(default=now)


class Account(Base):
    """A person who signs in. ``password_hash`` is argon2id."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    full_name: Mapped[str] = mapped_column(String(100), default="")
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    agency: Mapped[Agency] = relationship(lazy="raise")


class LoginSession(Base):
    """A signed-in browser. Only the SHA-256 of its cookie is kept."""

    __tablename__ = "login_session"
    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Station(Base):
    """A scanner station or a calling service. Only the SHA-256 of its (256-bit random) key is kept."""

    __tablename__ = "station"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    key_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(lazy="raise")


class Holder(Base):
    """Whose paper it is: a person (số định danh cá nhân) or an organisation (mã số)."""

    __tablename__ = "holder"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20), default="person")  # person | organisation
    id_number: Mapped[str | None] = mapped_column(String(50), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    birth_date: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(default=now)


def _of_cases(day: str) -> Index:
    """Of dossiers that are cases of the counter, which reports count."""
    postgresql, sqlite = text("NOT backscan"), text("backscan = 0")  # as each is asked
    return Index(f"ix_dossier_case_{day}", "agency_id", day, postgresql_where=postgresql, sqlite_where=sqlite)


class Dossier(Base):
    """One case at the counter, with its mã số hồ sơ (``H56.14-261121-0007``)."""

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix_dossier_agency_id_created_at", "agency_id", "created_at"),
        _of_cases("created_at"),
        _of_cases("finished_on"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("holder.id"), index=True)
    procedure: Mapped[str] = mapped_column(String(50), default="")  # mã TTHC quốc gia, D.DDDDDD
    title: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    channel: Mapped[str] = mapped_column(String(10), default=Channel.COUNTER, server_default=Channel.COUNTER)
    finished_on: Mapped[date | None] = mapped_column(Date)  # ngày kết thúc (models.conclusions); None: in hand
    result_form: Mapped[str | None] = mapped_column(String(12))  # of a finished one
    backscan: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # holds a scan of the backlog: no case of the counter
    stored_types: Mapped[str] = mapped_column(Text, default="", server_default="")  # models.stored_types
    agency: Mapped[Agency] = relationship(lazy="raise")
    holder: Mapped[Holder | None] = relationship(lazy="raise")


class Scan(Base):
    """One posted file, from acknowledgement to its last page."""

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("dossier_id", "sha256", name="uq_scan_dossier_sha256"),
        UniqueConstraint("actor", "idempotency_key", name="uq_scan_actor_idempotency_key"),
        Index("ix_scan_dossier_id_queue", "dossier_id", "queue"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    actor: Mapped[str] = mapped_column(String(110))  # "station:<name>" or "account:<name>"
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(255))  # display only; never used as a path
    media_type: Mapped[str] = mapped_column(String(50))
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    original_key: Mapped[str] = mapped_column(String(200))
    queue: Mapped[str] = mapped_column(String(20), default="counter")
    state: Mapped[str] = mapped_column(String(20), default=ScanState.RECEIVED, index=True)
    page_count: Mapped[int | None]
    refused_code: Mapped[str | None] = mapped_column(String(50))
    refused_detail: Mapped[str | None] = mapped_column(String(500))
    signatures: Mapped[list[Any] | None]  # of the posted file; None: not looked at
    arrangement: Mapped[
        dict[str, Any] | None
    ]  # how a person wants its pages (models.arrangements); None: as the machine has them
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    finished_at: Mapped[datetime | None]
    dossier: Mapped[Dossier] = relationship(lazy="raise")
    pages: Mapped[list[Page]] = relationship(back_populates="scan", order_by="Page.number", lazy="raise")
    components: Mapped[list[Component]] = relationship(
        back_populates="scan", order_by="Component.position", lazy="raise"
    )


def _its_number(context: DefaultExecutionContext) -> int:
    return int(context.get_current_parameters()["number"])  # type: ignore[no-untyped-call] # SQLAlchemy's own gap


class Page(Base):
    """One page of a scan; words lie in the object store under ``words_key`` (JSON), the text here for search."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("scan_id", "number", name="uq_page_scan_number"),
        Index("uq_page_scan_source_number", "scan_id", "source_number", unique=True),
        Index("ix_page_read_at", "read_at"),  # a day's pages among millions
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]  # from 1: its place in the scan, which a person may change (models.arrangements)
    source_number: Mapped[int] = mapped_column(default=_its_number)  # from 1: its place in the file that came, for good
    left_out: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=false()
    )  # a person wants it in no paper
    state: Mapped[str] = mapped_column(String(20), default=PageState.PENDING)
    width: Mapped[int | None]
    height: Mapped[int | None]
    dpi: Mapped[float | None] = mapped_column(Float)
    origin: Mapped[str | None] = mapped_column(String(20))  # raster | text | relayered
    rotation: Mapped[int] = mapped_column(default=0)
    skew: Mapped[float] = mapped_column(Float, default=0.0)
    blank: Mapped[bool] = mapped_column(Boolean, default=False)
    warnings: Mapped[list[str]] = mapped_column(default=list)
    warning_regions: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # of {code, box, place}
    grade_mean: Mapped[float | None] = mapped_column(Float)
    grade_low: Mapped[float | None] = mapped_column(Float)
    text: Mapped[str] = mapped_column(Text, default="")
    engine: Mapped[str | None] = mapped_column(String(60))  # name and version of the engine that read it
    seconds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words_key: Mapped[str | None] = mapped_column(String(200))
    image_key: Mapped[str | None] = mapped_column(String(200))  # upright preview JPEG
    failure_code: Mapped[str | None] = mapped_column(String(50))
    failure_detail: Mapped[str | None] = mapped_column(String(500))
    read_at: Mapped[datetime | None]
    scan: Mapped[Scan] = relationship(back_populates="pages", lazy="raise")


class Component(Base):
    """One paper of the dossier (thành phần hồ sơ): a run of pages with its own PDF (TT 01/2023 Điều 8)."""

    __tablename__ = "component"
    __table_args__ = (
        UniqueConstraint("scan_id", "position", name="uq_component_scan_position"),
        Index("uq_component_code", "code", unique=True),
        Index("ix_component_dossier_id_id_slot", "dossier_id", "id", "slot"),  # their rows hold the fields, a KiB each
        Index(
            "ix_component_state_created_at", "state", "created_at"
        ),  # what waits for a person among all that is stored
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), index=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    position: Mapped[int]  # from 1 within the scan
    first_page: Mapped[int]
    last_page: Mapped[int]
    paper_type: Mapped[str | None] = mapped_column(String(60), index=True)
    paper_type_score: Mapped[float | None] = mapped_column(Float)
    paper_type_alternatives: Mapped[list[Any]] = mapped_column(default=list)
    title: Mapped[str] = mapped_column(String(300), default="")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(20), default=ComponentState.CAPTURED)
    version: Mapped[int] = mapped_column(default=1)
    pdf_key: Mapped[str | None] = mapped_column(String(200))
    pdf_bytes: Mapped[int | None] = mapped_column(BigInteger)
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    attributes: Mapped[list[str]] = mapped_column(
        default=list, server_default="[]"
    )  # ban_sao | trich_luc | sao_y | ...
    flags: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # of {code, field, page, box, detail}
    slot: Mapped[str | None] = mapped_column(String(60))  # of the procedure's components that it fills
    scope: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}"
    )  # R1: class or exclusion, why, by whom
    signature: Mapped[str] = mapped_column(
        String(20), default=SignatureState.NOT_REQUIRED, server_default=SignatureState.NOT_REQUIRED
    )
    code: Mapped[str | None] = mapped_column(String(200))  # mã kết quả số hóa
    created_at: Mapped[datetime] = mapped_column(default=now)
    scan: Mapped[Scan] = relationship(back_populates="components", lazy="raise")
    dossier: Mapped[Dossier] = relationship(lazy="raise")


class ComponentVersion(Base):
    """What a component said before a correction (R29): as it was at ``version``, and who replaced it, when, why."""

    __tablename__ = "component_version"
    __table_args__ = (UniqueConstraint("component_id", "version", name="uq_component_version_component_id_version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id"), index=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]]  # title, paper_type, fields, attributes, pages, code, pdf
    replaced_at: Mapped[datetime] = mapped_column(default=now)
    replaced_by: Mapped[str] = mapped_column(String(110))
    reason: Mapped[str] = mapped_column(String(300), default="")


class ReviewLease(Base):
    """Who has a component before them to review it, until when (``models.review_leases``); there is no row, or it is over: nobody."""

    __tablename__ = "review_lease"
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id", ondelete="CASCADE"), primary_key=True)
    actor: Mapped[str] = mapped_column(String(110))
    since: Mapped[datetime]
    until: Mapped[datetime]


class Result(Base):
    """A stored component in the warehouse of its holder (Kho quản lý dữ liệu điện tử, TT 01/2023 Điều 24).

    Its id is the component's. Nothing here is ever deleted: a cancelled result stays readable (NĐ 45/2020 Điều 15).
    """

    __tablename__ = "result"
    __table_args__ = (
        Index("ix_result_holder_id_paper_type", "holder_id", "paper_type"),
        Index("ix_result_agency_id_stored_at", "agency_id", "stored_at"),  # the newest of an agency
        # All that reports ask of the papers of a year.
        Index("ix_result_issued_on_counted", "issued_on", "agency_id", "paper_type", "scanned_at", "id", "dossier_id"),
    )
    id: Mapped[str] = mapped_column(ForeignKey("component.id"), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(
        String(32), server_default="", index=True
    )  # the component's, which never changes
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("holder.id"))
    paper_type: Mapped[str] = mapped_column(String(60), index=True)
    number_key: Mapped[str] = mapped_column(String(200), default="", index=True)  # models.vietnamese.numbers.number_key
    issued_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)  # last day that it holds; None: no end
    expiry_rule: Mapped[str] = mapped_column(String(80), default="")  # which line of the catalog set it, or "printed"
    scope: Mapped[str] = mapped_column(String(200), default="")  # phạm vi có hiệu lực, mục đích sử dụng
    stored_at: Mapped[datetime] = mapped_column(default=now, index=True)
    scanned_at: Mapped[datetime | None]  # when its scan came, which never changes
    returned_at: Mapped[datetime | None]  # hidden from its holder until the result is handed over (R25)
    ended_on: Mapped[date | None] = mapped_column(
        Date
    )  # its state changed before the end: reusable until the day before
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(110))
    cancel_reason: Mapped[str | None] = mapped_column(String(300))
    replaced_by_id: Mapped[str | None] = mapped_column(ForeignKey("result.id"))
    component: Mapped[Component] = relationship(lazy="raise")
    holder: Mapped[Holder | None] = relationship(lazy="raise")


class ReuseLink(Base):
    """A stored result used again in a dossier: a link, never a copy (R27)."""

    __tablename__ = "reuse_link"
    __table_args__ = (
        UniqueConstraint("result_id", "dossier_id", "slot", name="uq_reuse_link_result_dossier_slot"),
        Index("ix_reuse_link_agency_id_dossier_id", "agency_id", "dossier_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    result_id: Mapped[str] = mapped_column(ForeignKey("result.id"), index=True)
    version: Mapped[int]  # of the component, as it was then
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))  # of the dossier
    slot: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(2), default=ReuseState.REUSED)
    actor: Mapped[str] = mapped_column(String(110))
    at: Mapped[datetime] = mapped_column(default=now)
    result: Mapped[Result] = relationship(lazy="raise")
    dossier: Mapped[Dossier] = relationship(lazy="raise")


class InventoryLine(Base):
    """Paper results that an agency counted (kiểm đếm, R36): one of them, or so many of which only the number is known.

    ``code`` names it within its agency, year and procedure, so that a corrected list changes the line and never doubles it; what is printed on
    boxes and separator sheets may be it. ``result_id`` is the stored paper that it became.
    """

    __tablename__ = "inventory_line"
    __table_args__ = (
        UniqueConstraint("agency_id", "year", "procedure", "code", name="uq_inventory_line_agency_year_procedure_code"),
        Index("uq_inventory_line_result_id", "result_id", unique=True),
        Index("ix_inventory_line_agency_id_number_key", "agency_id", "number_key"),
        # All that counting asks of lines.
        Index(
            "ix_inventory_line_counted",
            *("year", "agency_id", "procedure", "listed", "scanned_at", "count", "result_id"),
            postgresql_where=text("withdrawn_at IS NULL"),
            sqlite_where=text("withdrawn_at IS NULL"),
        ),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int]
    procedure: Mapped[str] = mapped_column(String(50), default="")  # national code; "": of several
    code: Mapped[str] = mapped_column(String(250))
    listed: Mapped[bool] = mapped_column(Boolean)  # one known paper; false: ``count`` papers
    count: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(100), default="")
    number_key: Mapped[str] = mapped_column(String(200), default="")  # models.vietnamese.numbers.number_key
    title: Mapped[str] = mapped_column(String(300), default="")
    paper_type: Mapped[str | None] = mapped_column(String(60))
    holder_name: Mapped[str] = mapped_column(String(200), default="")
    holder_id_number: Mapped[str] = mapped_column(String(50), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    box: Mapped[str] = mapped_column(String(60), default="")
    shelf: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    import_id: Mapped[str] = mapped_column(ForeignKey("inventory_import.id"), index=True)  # that last changed it
    row: Mapped[int]  # of that file
    withdrawn_at: Mapped[datetime | None]  # a later list no longer has it
    result_id: Mapped[str | None] = mapped_column(ForeignKey("result.id"))
    scanned_at: Mapped[datetime | None]  # when its scan came, once it is stored: what a day's work is counted by
    agency: Mapped[Agency] = relationship(lazy="raise")


class InventoryImport(Base):
    """A list that was brought in, and what became of its rows."""

    __tablename__ = "inventory_import"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(110))
    filename: Mapped[str] = mapped_column(String(255))
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    agency: Mapped[Agency] = relationship(lazy="raise")


class InventoryColumns(Base):
    """Which header of an agency's lists means what, as it was told or guessed the last time: the next list needs no telling."""

    __tablename__ = "inventory_columns"
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    headers: Mapped[dict[str, Any]]  # key of models.inventory.sheet: header
    at: Mapped[datetime] = mapped_column(default=now)


class InventoryException(Base):
    """A line or paper that matching left to a person, and what was decided (``models.inventory.exceptions``). Never deleted.

    ``identity``: kind, line and paper, so that a finding made again is the same row. ``tied_line_id``, ``tied_component_id``: what the decision
    tied, as chosen among the candidates or named.
    """

    __tablename__ = "inventory_exception"
    __table_args__ = (
        UniqueConstraint("identity", name="uq_inventory_exception_identity"),
        Index("ix_inventory_exception_agency_id_state_kind", "agency_id", "state", "kind"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    identity: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))  # models.rules.matching.Kind
    state: Mapped[str] = mapped_column(String(10))  # open | settled | gone
    line_id: Mapped[str | None] = mapped_column(ForeignKey("inventory_line.id"), index=True)
    component_id: Mapped[str | None] = mapped_column(ForeignKey("component.id", ondelete="SET NULL"), index=True)
    score: Mapped[int] = mapped_column(default=0)  # of the best candidate
    candidates: Mapped[list[Any]] = mapped_column(default=list)  # of {line, paper, score, fields}, best first
    found_at: Mapped[datetime] = mapped_column(default=now)
    gone_at: Mapped[datetime | None]  # matching found it no more
    decision: Mapped[str | None] = mapped_column(String(10))  # tie | apart | not_ours
    reason: Mapped[str] = mapped_column(String(300), default="")
    tied_line_id: Mapped[str | None] = mapped_column(ForeignKey("inventory_line.id"), index=True)
    tied_component_id: Mapped[str | None] = mapped_column(ForeignKey("component.id", ondelete="SET NULL"), index=True)
    settled_by: Mapped[str | None] = mapped_column(String(110))
    settled_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(lazy="raise")
    line: Mapped[InventoryLine | None] = relationship(lazy="raise", foreign_keys=[line_id])
    component: Mapped[Component | None] = relationship(lazy="raise", foreign_keys=[component_id])


class IssuedCode(Base):
    """Every mã kết quả số hóa ever given; kept when its paper is gone, so that no code is given twice (R22)."""

    __tablename__ = "issued_code"
    code: Mapped[str] = mapped_column(String(200), primary_key=True)
    component_id: Mapped[str] = mapped_column(String(32), index=True)
    template: Mapped[str] = mapped_column(String(60))  # which line of the catalog
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(110))


class CatalogLine(Base):
    """A line of the catalog that an office imported; it stands before the packaged line of the same kind and code."""

    __tablename__ = "catalog_line"
    __table_args__ = (UniqueConstraint("kind", "code", "valid_from", name="uq_catalog_line_kind_code_valid_from"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))  # procedure | ...
    code: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date] = mapped_column(Date)
    data: Mapped[dict[str, Any]]
    imported_at: Mapped[datetime] = mapped_column(default=now)
    imported_by: Mapped[str] = mapped_column(String(110))


class Example(Base):
    """A reviewed component as an example for the classifier: hashed features, no words of the paper."""

    __tablename__ = "example"
    component_id: Mapped[str] = mapped_column(ForeignKey("component.id", ondelete="CASCADE"), primary_key=True)
    paper_type: Mapped[str] = mapped_column(String(60))
    features: Mapped[dict[str, Any]]
    guessed: Mapped[str | None] = mapped_column(String(60))  # what the machine had said
    at: Mapped[datetime] = mapped_column(default=now)


class LearnedModel(Base):
    """A classifier learned from examples. The newest that is ``kept`` is in use; the others say why they are not."""

    __tablename__ = "learned_model"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)
    object_key: Mapped[str | None] = mapped_column(String(200))
    examples: Mapped[int]
    figures: Mapped[dict[str, Any]]  # beside the one it would replace, on examples that neither was made from
    kept: Mapped[bool] = mapped_column(Boolean, default=False)


class Event(Base):
    """What happened, append-only. ``id`` grows, so it is the resume point of server-sent events."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_scan_id_id", "scan_id", "id"),
        Index("ix_event_actor_at", "actor", "at"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"), index=True)
    dossier_id: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    scan_id: Mapped[str | None] = mapped_column(ForeignKey("scan.id"))
    component_id: Mapped[str | None] = mapped_column(
        String(32), index=True
    )  # no foreign key: what happened stays known when its paper is taken away
    holder_id: Mapped[str | None] = mapped_column(String(32), index=True)  # whose warehouse was opened; a holder's id
    kind: Mapped[str] = mapped_column(String(40))  # state | page | warning | done | reviewed | viewed | ...
    actor: Mapped[str] = mapped_column(String(110), default="system")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Dispatch(Base):
    """A task that must run (the outbox), kept until it has: sent after commit, swept when a crash left it unsent.

    A worker *claims* it (``attempts`` + 1, a lease that it renews while it lives), so the same message delivered twice
    runs once, and a killed worker counts as an attempt.
    """

    __tablename__ = "dispatch"
    __table_args__ = (
        UniqueConstraint("task", "subject", name="uq_dispatch_task_subject"),
        Index("ix_dispatch_state_due_at", "state", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    task: Mapped[str] = mapped_column(String(60))  # a name from workers.names
    subject: Mapped[str] = mapped_column(String(80))  # small text: "<scan id>" or "<scan id>/<page number>"
    queue: Mapped[str] = mapped_column(String(20))
    scan_id: Mapped[str | None] = mapped_column(ForeignKey("scan.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=DispatchState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)  # when a sweeper may (re)send it
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    last_error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]


class Counter(Base):
    """Atomic serials: the daily number of a mã hồ sơ and, later, of codes. Never reused, never wrapped."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)

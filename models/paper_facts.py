"""What is known of a component, as the rules ask for it (``models.rules``): read off its row, its dossier and the catalog."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.catalog import Catalog, Exclusion, PaperType, RuleSet
from models.entities import Component, ComponentState, Dossier, Holder, Page, PageState, Result, SignatureState
from models.local_time import local_day
from models.rules.completeness import ScannedAgain
from models.rules.reuse import StoredFacts
from models.rules.scope import needs_comparison
from models.rules.steps import Facts
from models.rules.validity import Dates, Validity, validity

ABSENT = "ABSENT"  # the reason of a field of which a person said that the paper has none
_AFTER_VERIFIED = frozenset({ComponentState.VERIFIED, ComponentState.CODED, ComponentState.STORED})


def value_of(component: Component, name: str) -> str | None:
    """The value of a field, if it has one."""
    value = (component.fields.get(name) or {}).get("value")
    return str(value) if value else None


def date_of(component: Component, name: str) -> date | None:
    """The value of a date field; ``None`` where it is none."""
    try:
        return date.fromisoformat(value_of(component, name) or "")
    except ValueError:
        return None


def paper_of(component: Component, catalog: Catalog) -> PaperType | None:
    return catalog.paper_type(component.paper_type) if component.paper_type else None


def rule_set_of(dossier: Dossier, catalog: Catalog) -> RuleSet | None:
    """By the day the dossier was opened at +07:00 (R39): an old dossier is judged by the rules of its time."""
    return catalog.rule_set(local_day(dossier.created_at))


def signature_of(component: Component, dossier: Dossier, catalog: Catalog) -> SignatureState:
    """``not_required`` while the rule set says so (visibly); else what is known of the officer's signature (Điều 8)."""
    rules = rule_set_of(dossier, catalog)
    if rules is not None and rules.signature == "not_required":
        return SignatureState.NOT_REQUIRED
    known = SignatureState(component.signature)
    return SignatureState.MISSING if known is SignatureState.NOT_REQUIRED else known


def missing_fields(component: Component, paper: PaperType | None) -> tuple[str, ...]:
    """Required fields with neither a value nor a person's word that the paper has none."""

    def settled(name: str) -> bool:
        field: dict[str, Any] = component.fields.get(name) or {}
        return bool(field.get("value")) or (field.get("reason") == ABSENT and field.get("source") == "manual")

    return tuple(spec.name for spec in paper.fields if spec.required and not settled(spec.name)) if paper else ()


def doubtful_fields(component: Component) -> tuple[str, ...]:
    """Fields whose value a machine is not sure of and no person has confirmed."""
    return tuple(
        name
        for name, field in component.fields.items()
        if field and field.get("value") and field.get("doubt") and not field.get("confirmed_by")
    )


def identity_of(component: Component, holder: Holder | None) -> str | None:
    """The owner's number: the paper's own, else the dossier's."""
    return value_of(component, "holder_id") or (holder.id_number if holder else None)


@dataclass(frozen=True, slots=True)
class Case:
    """A component with what it is judged by."""

    component: Component
    dossier: Dossier
    holder: Holder | None
    catalog: Catalog


def step_facts(session: Session, case: Case, *, by_person: bool, again: ScannedAgain | None = None) -> Facts:
    """The facts of the conditions in ``models.rules.steps``; ``again``: what the warehouse held (``models.dossier_papers``)."""
    component, holder = case.component, case.holder
    paper = paper_of(component, case.catalog)
    failed = select(func.count()).select_from(Page)
    failed = failed.where(
        Page.scan_id == component.scan_id,
        Page.number.between(component.first_page, component.last_page),
        Page.state == PageState.FAILED,
    )
    has_name = bool(value_of(component, "holder_name") or (holder and holder.name))
    has_birth = bool(value_of(component, "holder_birth_date") or (holder and holder.birth_date))
    exclusion = component.scope.get("exclusion")
    return Facts(
        paper_type=component.paper_type,
        excluded=Exclusion(exclusion) if exclusion else None,
        scope_class=component.scope.get("class") or (paper.scope_class.value if paper else None),
        compared=not needs_comparison(frozenset(component.attributes)) or bool(component.scope.get("compared_by")),
        failed_pages=session.scalars(failed).one(),
        signature=signature_of(component, case.dossier, case.catalog),
        missing=missing_fields(component, paper),
        doubtful=doubtful_fields(component),
        identity=identity_of(component, holder) is not None,
        # An act of an agency (a plan, a decision) has no owner but the agency: its issuer stands in.
        substitute=(has_name and has_birth) or bool(value_of(component, "issuer") and not has_name),
        has_code=component.code is not None,
        has_pdf=component.pdf_key is not None,
        by_person=by_person,
        again=again,
    )


def validity_of(component: Component, catalog: Catalog) -> Validity:
    """How long the paper holds: printed on it, or by the rule that was in force on its day of issue."""
    issued = date_of(component, "issued_on")
    day = issued or local_day(component.created_at)
    rule = catalog.validity_rule(component.paper_type, day) if component.paper_type else None
    dates = Dates(
        issued_on=issued,
        printed=date_of(component, "valid_until"),
        licence_class=value_of(component, "licence_class"),
        birth_date=date_of(component, "holder_birth_date"),
    )
    return validity(dates, rule)


def stored_facts(component: Component, result: Result | None, dossier: Dossier, catalog: Catalog) -> StoredFacts:
    """The facts of ``models.rules.reuse``, also of a component that is not stored yet (``result`` is ``None``)."""
    paper = paper_of(component, catalog)
    held = validity_of(component, catalog)
    return StoredFacts(
        signature=signature_of(component, dossier, catalog),
        coded=component.code is not None,
        verified=ComponentState(component.state) in _AFTER_VERIFIED,
        stored=result is not None,
        from_applicant=bool(paper and paper.from_applicant),
        until=held.until,
        until_known=held.known,
        ended_on=result.ended_on if result else None,
        cancelled_on=local_day(result.cancelled_at) if result and result.cancelled_at else None,
        replaced=bool(result and result.replaced_by_id),
        scope=(result.scope if result else value_of(component, "scope")) or "",
    )

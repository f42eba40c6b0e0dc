"""Lines of the catalog from outside. ``certainty``: Q quoted, P paraphrased, M from memory, I inferred."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from models.catalog import CodeTemplate, Line, PaperType, Procedure, RuleSet, Slot, ValidityRule


class LineOut(BaseModel):
    """What every line says of itself."""

    source: str
    certainty: str
    note: str | None
    valid_from: date | None
    valid_to: date | None

    @staticmethod
    def about(line: Line) -> dict[str, str | date | None]:
        return {
            "source": line.source,
            "certainty": line.certainty.value,
            "note": line.note,
            "valid_from": line.valid_from,
            "valid_to": line.valid_to,
        }


class PaperTypeOut(LineOut):
    id: str = Field(examples=["giay_khai_sinh"])
    name: str
    group: str
    is_result: bool
    from_applicant: bool
    scope_class: str = Field(description="Điều 4: a, b, c, d, opinion, valid_result")
    fields: list[str]
    required: list[str]
    codes: list[str] = Field(description="of the national catalogues that may stand for it")
    validity: ValidityOut | None


class ValidityOut(LineOut):
    id: str
    kind: str
    months: int | None
    ends_on_change: bool
    bound_to_scope: bool

    @staticmethod
    def of(rule: ValidityRule) -> ValidityOut:
        return ValidityOut.model_validate(
            {
                **LineOut.about(rule),
                "id": rule.id,
                "kind": rule.kind.value,
                "months": rule.months,
                "ends_on_change": rule.ends_on_change,
                "bound_to_scope": rule.bound_to_scope,
            }
        )


def paper_type_out(paper: PaperType, codes: list[str], rule: ValidityRule | None) -> PaperTypeOut:
    """A paper type with what else the catalog says about it."""
    return PaperTypeOut.model_validate(
        {
            **LineOut.about(paper),
            "id": paper.id,
            "name": paper.name,
            "group": paper.group.value,
            "is_result": paper.is_result,
            "from_applicant": paper.from_applicant,
            "scope_class": paper.scope_class.value,
            "fields": [field.name for field in paper.fields],
            "required": [field.name for field in paper.fields if field.required],
            "codes": codes,
            "validity": ValidityOut.of(rule) if rule else None,
        }
    )


class SlotLineOut(BaseModel):
    id: str
    name: str
    accepts: list[str]
    required: bool
    condition: str | None
    shown_only: bool

    @staticmethod
    def of(slot: Slot) -> SlotLineOut:
        return SlotLineOut(
            id=slot.id,
            name=slot.name,
            accepts=list(slot.accepts),
            required=slot.required,
            condition=slot.condition,
            shown_only=slot.shown_only,
        )


class ProcedureOut(LineOut):
    code: str = Field(examples=["1.001193"])
    code_certainty: str
    name: str
    field_name: str = Field(description="lĩnh vực")
    levels: list[str] = Field(description="that handle it on the day asked for")
    essential: bool = Field(description="one of the essential services of Đề án 06")
    components: list[SlotLineOut]
    results: list[str]

    @staticmethod
    def of(procedure: Procedure, on: date) -> ProcedureOut:
        return ProcedureOut.model_validate(
            {
                **LineOut.about(procedure),
                "code": procedure.code,
                "code_certainty": (procedure.code_certainty or procedure.certainty).value,
                "name": procedure.name,
                "field_name": procedure.field_name,
                "levels": [level.value for level in procedure.levels_on(on)],
                "essential": procedure.essential,
                "components": [SlotLineOut.of(slot) for slot in procedure.components],
                "results": list(procedure.results),
            }
        )


class TemplateOut(LineOut):
    id: str
    name: str
    template: str
    width: int

    @staticmethod
    def of(template: CodeTemplate) -> TemplateOut:
        about = {"id": template.id, "name": template.name, "template": template.template, "width": template.width}
        return TemplateOut.model_validate({**LineOut.about(template), **about})


class RuleSetOut(LineOut):
    """Which law applies to an act of a day, and what of it is configuration because its text leaves it open."""

    id: str
    name: str
    intake: list[str]
    digitising: list[str]
    levels: list[str]
    signature: str = Field(description="not_required: signing is not asked for, and every component says so")
    templates: list[TemplateOut]

    @staticmethod
    def of(rules: RuleSet, templates: list[CodeTemplate]) -> RuleSetOut:
        return RuleSetOut.model_validate(
            {
                **LineOut.about(rules),
                "id": rules.id,
                "name": rules.name,
                "intake": list(rules.intake),
                "digitising": list(rules.digitising),
                "levels": [level.value for level in rules.levels],
                "signature": rules.signature,
                "templates": [TemplateOut.of(template) for template in templates],
            }
        )

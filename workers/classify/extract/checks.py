"""What the fields of one paper say of each other: a value that another contradicts is in doubt (R13, R14, R16, R19)."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from decimal import Decimal

from models.vietnamese.dates import date_problems
from models.vietnamese.names import parse_sex
from models.vietnamese.number_words import parse_area
from models.vietnamese.personal_ids import PersonNumber, check_personal_id, kind_of_person_number
from models.vietnamese.tax_codes import check_tax_code
from workers.classify.extract.evidence import Evidence
from workers.classify.extract.field import Doubt, Field

Fields = dict[str, Field | None]


def cross_checked(fields: Fields, evidence: Evidence, provinces: AbstractSet[str], *, tax_code: bool) -> Fields:
    """The same fields, those that cannot be true together marked. ``tax_code``: the paper's number is a mã số thuế (R14)."""
    checked = dict(fields)
    _dates(checked, evidence)
    _person(checked, "holder", provinces)
    for person in ("wife", "husband", "mother", "father"):
        _person(checked, person, provinces)
    if tax_code:
        _tax_code(checked)
    _area(checked)
    return checked


def _doubt(fields: Fields, name: str, doubt: str) -> None:
    field = fields.get(name)
    if field is not None and field.value is not None:
        fields[name] = replace(field, doubt=str(doubt), confidence=min(field.confidence, 0.5))


def _day(fields: Fields, name: str) -> date | None:
    field = fields.get(name)
    try:
        return date.fromisoformat(field.value) if field and field.value else None
    except ValueError:
        return None


def _text(fields: Fields, name: str) -> str:
    field = fields.get(name)
    return (field.value or "") if field else ""


def _dates(fields: Fields, evidence: Evidence) -> None:
    issued, expires = _day(fields, "issued_on"), _day(fields, "valid_until")
    for problem in date_problems(issued, scanned=evidence.scanned, expires=expires):
        if problem == "issued_after_scan":
            _doubt(fields, "issued_on", Doubt.ISSUED_AFTER_SCAN)
        else:
            _doubt(fields, "valid_until", Doubt.EXPIRES_BEFORE_ISSUE)
    # Of several who sign, the first may do so before the day is printed.
    if issued and evidence.signed and max(evidence.signed) < issued:
        _doubt(fields, "issued_on", Doubt.SIGNED_BEFORE_ISSUE)
    born = _day(fields, "holder_birth_date")
    if born and issued and born > issued:
        _doubt(fields, "holder_birth_date", Doubt.WITNESSES_DIFFER)


def _person(fields: Fields, person: str, provinces: AbstractSet[str]) -> None:
    """R13: century, year and sex in the number against what is printed; an unknown province is only told."""
    number = _text(fields, f"{person}_id")
    if kind_of_person_number(number) is not PersonNumber.PERSONAL_ID:
        return
    sex = parse_sex(_text(fields, "sex")) if person == "holder" else None
    year = _text(fields, f"{person}_birth_year")
    born = _day(fields, f"{person}_birth_date")
    check = check_personal_id(number, born, sex, provinces, birth_year=int(year) if year.isdecimal() else None)
    if "year_differs" in check.errors:
        _doubt(fields, f"{person}_id", Doubt.ID_YEAR_DIFFERS)
        _doubt(fields, f"{person}_birth_date", Doubt.ID_YEAR_DIFFERS)
    elif "sex_differs" in check.errors:
        _doubt(fields, f"{person}_id", Doubt.ID_SEX_DIFFERS)
    field = fields.get(f"{person}_id")
    if field is not None and check.warnings:
        fields[f"{person}_id"] = replace(field, more={**field.more, "warning": check.warnings[0]})


def _tax_code(fields: Fields) -> None:
    number = _text(fields, "number")
    if number and len(number.split("-")[0]) == 10 and not check_tax_code(number).ok:
        _doubt(fields, "number", Doubt.CHECK_DIGIT)


def _area(fields: Fields) -> None:
    """R19: the digits are what the words say."""
    digits, words = _text(fields, "area"), _text(fields, "area_words")
    said, spelled = _decimal(digits), parse_area(words) if words else None
    if said is not None and spelled is not None and said != spelled:
        _doubt(fields, "area", Doubt.WORDS_DIFFER)
        _doubt(fields, "area_words", Doubt.WORDS_DIFFER)


def _decimal(text: str) -> Decimal | None:
    """``125,5 m²``: a comma before the fraction, dots between thousands."""
    match = re.match(r"[\d., ]*\d", text.strip())
    digits = match[0].replace(" ", "").replace(".", "").replace(",", ".") if match else ""
    return Decimal(digits) if digits and digits.count(".") < 2 else None

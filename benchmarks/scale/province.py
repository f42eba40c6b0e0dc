"""The agencies of a generated province and how much each of them does."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agencies import create_agency
from models.entities import Agency

DEPARTMENTS, DISTRICTS, COMMUNES = 20, 11, 172
DISTRICTS_ENDED = date(2025, 6, 30)  # NĐ 118/2025/NĐ-CP
OF_THE_ARCHIVE, OF_THE_CENTRE = 0.30, 0.08
"""Share of all back-scanned papers that lie in the province's archive; of all dossiers that its service centre receives."""


@dataclass(frozen=True, slots=True)
class Unit:
    """``level``: tinh | huyen | xa."""

    id: str
    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Province:
    """``weights``: of each unit, for what is spread over all."""

    root: Unit
    archive: Unit
    centre: Unit
    units: tuple[Unit, ...]
    weights: tuple[float, ...]


def make_province(session: Session, chance: random.Random) -> Province:
    """Tiền Giang's shape: the province, its departments, districts that ended, communes below them."""

    def made(code: str, name: str, level: str, parent: Agency | None) -> tuple[Unit, Agency]:
        agency = create_agency(session, code=code, name=name, parent=parent)
        return Unit(agency.id, agency.code, name, level), agency

    root, top = made("H58", "UBND tỉnh Mẫu", "tinh", None)
    departments = [made(f"H58.{n}", f"Sở Mẫu {n}", "tinh", top)[0] for n in range(1, DEPARTMENTS + 1)]
    units = list(departments)
    weights = [chance.uniform(0.3, 2.0) for _ in departments]
    for n in range(DISTRICTS):
        district, above = made(f"H58.{31 + n}", f"UBND huyện Mẫu {n + 1}", "huyen", top)
        above.valid_to = DISTRICTS_ENDED
        units.append(district)
        weights.append(chance.uniform(2.0, 4.0))
        for place in range(COMMUNES * n // DISTRICTS, COMMUNES * (n + 1) // DISTRICTS):
            units.append(made(f"{district.code}.{place + 1}", f"UBND xã Mẫu {place + 1}", "xa", above)[0])
            weights.append(chance.lognormvariate(0, 0.5))
    return Province(root, departments[1], departments[0], tuple(units), tuple(weights))


def known_province(session: Session) -> Province:
    """The one that was made; each unit does as much as any other."""
    units = [
        Unit(agency.id, agency.code, agency.name, _level(agency.code))
        for agency in session.scalars(select(Agency).where(Agency.code.startswith("H58")).order_by(Agency.code))
    ]
    by_code = {unit.code: unit for unit in units}
    below = tuple(unit for unit in units if unit.code != "H58")
    return Province(by_code["H58"], by_code["H58.2"], by_code["H58.1"], below, (1.0,) * len(below))


def _level(code: str) -> str:
    parts = code.split(".")[1:]
    return "xa" if len(parts) == 2 else "huyen" if parts and int(parts[0]) > DEPARTMENTS else "tinh"

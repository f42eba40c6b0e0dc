"""Components of a dossier for tests, without a pipeline."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from models.database import transaction
from models.entities import Component, Dossier, Scan, new_id

MARRIAGE: dict[str, Any] = {
    "number": {"value": "12/2023", "confidence": 0.9, "page": 1, "box": [1, 2, 3, 4], "source": "ocr"},
    "wife_name": {"value": "Nguyễn Thị Mẫu", "confidence": 0.9, "source": "ocr"},
    "husband_name": {"value": "Trần Văn Thử", "confidence": 0.9, "source": "ocr"},
    "issuer": {"value": "UBND xã Mẫu", "confidence": 0.9, "source": "ocr"},
    "issued_on": {"value": "2023-05-02", "confidence": 0.9, "source": "ocr"},
}
SINGLE: dict[str, Any] = {
    "number": {"value": "45/2024/XNTTHN", "confidence": 0.9, "source": "ocr"},
    "holder_name": {"value": "Nguyễn Thị Mẫu", "confidence": 0.9, "source": "ocr"},
    "holder_birth_date": {"value": "1990-02-03", "confidence": 0.9, "source": "ocr"},
    "marital_status": {"value": "chưa đăng ký kết hôn với ai", "confidence": 0.9, "source": "ocr"},
    "issuer": {"value": "UBND xã Mẫu", "confidence": 0.9, "source": "ocr"},
    "issued_on": {"value": "2024-01-15", "confidence": 0.9, "source": "ocr"},
    "scope": {"value": "để đăng ký kết hôn", "confidence": 0.9, "source": "ocr"},
    "signer": {"value": "Lê Văn Ký", "confidence": 0.9, "source": "ocr"},
}


def scan_of(session: Session, dossier: Dossier, **values: Any) -> Scan:
    """A new scan of the dossier, without a file."""
    scan = Scan(
        dossier_id=dossier.id,
        agency_id=dossier.agency_id,
        actor="station:test",
        filename="a.pdf",
        media_type="application/pdf",
        bytes=1,
        sha256=new_id(),
        original_key="k",
        **values,
    )
    dossier.backscan |= scan.queue == "backscan"
    session.add(scan)
    session.flush()
    return scan


def papers(factory: sessionmaker[Session], dossier: Dossier, count: int = 1, **values: Any) -> list[str]:
    """Ids of ``count`` new components, each a page of one new scan."""
    with transaction(factory) as session:
        scan = scan_of(session, dossier)
        made = [
            Component(
                scan_id=scan.id,
                dossier_id=dossier.id,
                agency_id=dossier.agency_id,
                position=position,
                first_page=position,
                last_page=position,
                **values,
            )
            for position in range(1, count + 1)
        ]
        session.add_all(made)
        session.flush()
        return [component.id for component in made]

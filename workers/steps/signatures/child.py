"""The signature checker: ``python -m workers.steps.signatures.child``, started and limited by ``workers.tools.sandbox``."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from workers.tools.sandbox_child import Buffer, serve

MOST = 50
"""Signatures of one file that are checked; real papers carry up to six."""
MANY = 1 << 30
"""A revision after all others, for signatures that can't be placed."""
_COVERS = {
    SignatureCoverageLevel.ENTIRE_FILE: "file",
    SignatureCoverageLevel.ENTIRE_REVISION: "revision",
}


def check(path: str) -> tuple[dict[str, Any], list[Buffer]]:
    """``signatures``: a list of the facts of ``Signature``, or ``None`` when the file can't be understood."""
    try:
        with Path(path).open("rb") as file:
            reader = PdfFileReader(file, strict=False)
            fields = islice(enumerate_sig_fields(reader, filled_status=True), MOST)
            found = [_facts(reader, str(name), field) for name, _, field in fields]
    except Exception:  # noqa: BLE001 - pyHanko's reader and asn1crypto raise whatever a broken file leads to
        return {"signatures": None}, []
    found.sort(key=lambda pair: pair[0])
    return {"signatures": [facts for _, facts in found]}, []


def _facts(reader: PdfFileReader, name: str, field: Any) -> tuple[int, dict[str, Any]]:
    """(the revision that it signed, what is known of it)."""
    facts: dict[str, Any] = {"field": name}
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    revision = MANY
    try:
        signature = EmbeddedPdfSignature(reader, field, name)
        revision = signature.signed_revision
        status = validate_pdf_signature(
            signature, signer_validation_context=nobody, ts_validation_context=nobody, skip_diff=True
        )
        return revision, facts | _told(status)
    except Exception as error:  # noqa: BLE001 - see above; one signature that can't be checked hides no other
        return revision, facts | {"problem": f"{type(error).__name__}: {error}"[:200]}


def _told(status: PdfSignatureStatus) -> dict[str, Any]:
    stamp = status.timestamp_validity
    return {
        "signer": _named(status.signing_cert, "common_name"),
        "organization": _named(status.signing_cert, "organization_name"),
        "signed_at": _iso(status.signer_reported_dt),
        "timestamp": _iso(stamp.timestamp) if stamp and stamp.intact and stamp.valid else None,
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "covers": _COVERS.get(status.coverage, "part") if status.coverage else None,
    }


def _named(certificate: Certificate, name: str) -> str | None:
    value = certificate.subject.native.get(name)
    return (value[-1] if isinstance(value, list) else str(value)).strip() or None if value else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    serve({"check": check})

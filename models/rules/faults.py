"""Why a paper of a batch is returned. TT 01/2023/TT-VPCP asks that digitising be complete, accurate and whole; the list is our own choice."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """In the order of their keys on the page that checks."""

    MISSING_PAGE = "missing_page"
    ILLEGIBLE = "illegible"
    CUT_OFF = "cut_off"
    CROOKED = "crooked"
    WRONG_ORDER = "wrong_order"
    WRONG_SPLIT = "wrong_split"  # of another paper, or two papers in one
    WRONG_TYPE = "wrong_type"
    WRONG_FIELD = "wrong_field"
    WRONG_KEY = "wrong_key"  # of the inventory


CRITICAL: Final = frozenset(set(Fault) - {Fault.CROOKED})
"""With one of these a paper can't be relied upon; a crooked page is read all the same."""

RESCAN: Final = frozenset({Fault.MISSING_PAGE, Fault.ILLEGIBLE, Fault.CUT_OFF, Fault.CROOKED})
"""Nothing but the paper on the scanner mends these."""
REARRANGE: Final = frozenset({Fault.WRONG_ORDER, Fault.WRONG_SPLIT})


def is_critical(faults: frozenset[Fault]) -> bool:
    return not CRITICAL.isdisjoint(faults)

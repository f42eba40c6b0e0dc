"""The one table of who may do what.

How far a right reaches is ``models.scopes``' matter: a station and a clerk reach their own agency, a supervisor and an
administrator theirs and every agency below. What lies outside is answered as if it did not exist.
"""

from __future__ import annotations

from enum import StrEnum

from models.entities import Role


class Right(StrEnum):
    CREATE_DOSSIER = "create_dossier"
    READ_DOSSIER = "read_dossier"
    POST_SCAN = "post_scan"
    POST_BACKSCAN = "post_backscan"  # the queue that never delays a counter
    READ_SCAN = "read_scan"  # states and warnings, no text
    READ_PAPER = "read_paper"  # fields, page images, PDF: personal data, each look is logged
    REVIEW = "review"  # correct what the machine read: a person's doing
    SEARCH = "search"
    KEEP = "keep"  # take a component on, up to the warehouse
    REUSE = "reuse"  # link a result into a dossier
    CANCEL = "cancel"  # mark a result as without effect: whoever answers for the agency
    CONCLUDE = "conclude"  # say how a dossier ended
    READ_REPORT = "read_report"  # numbers only, no personal data
    READ_INVENTORY = "read_inventory"  # lists of paper results: names of holders
    KEEP_INVENTORY = "keep_inventory"  # bring such lists in: whoever answers for the agency
    READ_LOG = "read_log"  # who looked at or changed what
    READ_BATCH = "read_batch"  # how far a back-scan is, and what became of its files
    RUN_BATCH = "run_batch"  # make, start, pause one, send files into it: whoever answers for the agency
    HAND_OVER = "hand_over"  # take a whole batch's papers out: whoever answers for the agency
    ADMINISTER = "administer"  # accounts and stations


_MACHINE = frozenset(
    {
        Right.CREATE_DOSSIER,
        Right.READ_DOSSIER,
        Right.POST_SCAN,
        Right.POST_BACKSCAN,
        Right.READ_SCAN,
        Right.READ_PAPER,
        Right.SEARCH,
        Right.REUSE,
        Right.CONCLUDE,
        Right.READ_REPORT,
    }
)
_PERSON = frozenset(set(Right) - {Right.POST_BACKSCAN})
_HEAD = _PERSON - {Right.ADMINISTER}
_OFFICER = _HEAD - {Right.CANCEL, Right.READ_LOG, Right.KEEP_INVENTORY, Right.RUN_BATCH, Right.HAND_OVER}

RIGHTS: dict[Role, frozenset[Right]] = {
    # A station is also how one-stop software calls us (a service key): it may read and search its own agency.
    Role.STATION: _MACHINE,
    Role.CLERK: _OFFICER,
    Role.SUPERVISOR: _HEAD,
    Role.ADMIN: _PERSON,
}


def may(role: Role, right: Right) -> bool:
    """Whether ``role`` has ``right`` at all (not: over what)."""
    return right in RIGHTS[role]

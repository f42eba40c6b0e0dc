"""The links of every page's head, in order; each is shown to those who may follow it."""

from __future__ import annotations

from dataclasses import dataclass

from digitize_api.auth.rights import Right


@dataclass(frozen=True, slots=True)
class Link:
    """``word``: its key in ``words.TEXT``. ``key``: what on the keyboard leads there. ``under``: paths that belong to it too. ``head``: whether it is in
    the head, which is one line at 1366 pixels; the first page has all of them.
    """

    path: str
    word: str
    right: Right | None = None
    key: str = ""
    under: tuple[str, ...] = ()
    head: bool = True

    def holds(self, path: str) -> bool:
        """Whether ``path`` is this place or below it."""
        return path == self.path or any(path.startswith(one) for one in self.under)


LINKS = (
    Link("/quay", "counter", under=("/quay/", "/dossiers", "/ho-so/", "/ban-quet/")),
    Link("/kiem-tra", "review", Right.REVIEW, under=("/kiem-tra/",)),
    Link("/tra-cuu", "find", Right.SEARCH, "/", under=("/tra-cuu",)),
    Link("/kho", "wh", Right.READ_PAPER, under=("/kho/",)),
    Link("/kiem-dem", "iv", Right.READ_INVENTORY, under=("/kiem-dem/",)),
    Link("/so-hoa-lo", "ba_batches", Right.READ_BATCH, under=("/so-hoa-lo/",)),
    Link("/bao-cao", "rp", Right.READ_REPORT),
    Link("/nhat-ky", "log", Right.READ_LOG),
    Link("/tai-khoan", "ad_accounts", Right.ADMINISTER),
    Link("/tram", "ad_stations", Right.ADMINISTER, under=("/noi-nhan",)),
    Link("/noi-nhan", "wb", Right.ADMINISTER, head=False),
)

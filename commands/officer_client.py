"""An officer at the HTTP API in a few lines: what the demo does as the person at the counter, by the same calls as any other program."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx

SECONDS = 60.0


class Refused(Exception):
    """The service said no (409). ``code``: which no; ``reasons``: each ``{code, vi, en, field}``."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("title", "")))
        self.code: str = problem.get("code", "")
        self.reasons: list[dict[str, Any]] = problem.get("reasons", [])


class OfficerClient:
    """Signed in while the block runs. Answers are the API's JSON; ``Refused`` for a 409, ``httpx.HTTPStatusError`` for other errors."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/api/v1", timeout=SECONDS)
        self._who = {"name": name, "password": password}

    def __enter__(self) -> Self:
        session = self._told(self._http.post("/sessions", json=self._who))
        self._http.headers["X-CSRF-Token"] = session["csrf_token"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def create_dossier(self, body: dict[str, Any]) -> str:
        """Its mã hồ sơ."""
        return str(self._told(self._http.post("/dossiers", json=body))["code"])

    def dossier(self, code: str) -> dict[str, Any]:
        return self._told(self._http.get(f"/dossiers/{code}"))

    def component(self, identifier: str) -> dict[str, Any]:
        return self._told(self._http.get(f"/components/{identifier}"))

    def correct(self, identifier: str, review: dict[str, Any]) -> dict[str, Any]:
        """A review: what is confirmed, typed, or not there; the component as it is then."""
        return self._told(self._http.patch(f"/components/{identifier}", json=review))

    def take_on(self, identifier: str, version: int, to: str) -> dict[str, Any]:
        """Through the states up to ``to``; ``Refused`` with every reason of the first that can't be taken."""
        return self._told(self._http.post(f"/components/{identifier}/steps", json={"version": version, "to": to}))

    def completeness(self, code: str) -> dict[str, Any]:
        return self._told(self._http.get(f"/dossiers/{code}/completeness"))

    def reuse(self, result: str, dossier: str, slot: str) -> dict[str, Any]:
        return self._told(self._http.post(f"/results/{result}/reuse", json={"dossier": dossier, "slot": slot}))

    def slip(self, code: str) -> bytes:
        """Phiếu yêu cầu bổ sung as PDF; ``Refused`` when nothing is missing."""
        return self._checked(self._http.get(f"/dossiers/{code}/supplement-slip.pdf")).content

    def paper_types(self) -> dict[str, dict[str, Any]]:
        """The catalog's, by id."""
        answer = self._checked(self._http.get("/catalog/paper-types"))
        return {paper["id"]: paper for paper in answer.json()}

    @classmethod
    def _told(cls, answer: httpx.Response) -> dict[str, Any]:
        body: dict[str, Any] = cls._checked(answer).json()
        return body

    @staticmethod
    def _checked(answer: httpx.Response) -> httpx.Response:
        if answer.status_code == httpx.codes.CONFLICT:
            raise Refused(answer.json())
        return answer.raise_for_status()

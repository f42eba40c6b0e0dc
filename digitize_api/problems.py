"""Every error is ``application/problem+json`` (RFC 9457) with a code, and OpenAPI says which a route may answer.

The code, status, title and advice are those of the error's class in ``models.errors``; nothing here knows a code by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from digitize_api.language import Language, language_of
from models.errors import (
    DigitizeError,
    Forbidden,
    Hindered,
    InvalidRequest,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedType,
)
from storage.objects import StoreUnavailable

log = structlog.get_logger("digitize_api.problems")

MEDIA_TYPE = "application/problem+json"


class Advice(BaseModel):
    """What to do now."""

    vi: str
    en: str


class FieldError(BaseModel):
    """One field of the request that is wrong; the value itself is never repeated (it may be personal)."""

    field: str = Field(examples=["body.holder.id_number"])
    message: str = Field(examples=["Thiếu mục này."])


class Problem(BaseModel):
    """RFC 9457 problem details, with what people and programs need besides."""

    type: str = Field(description="a link to the code's explanation", examples=["/errors#NOT_FOUND"])
    title: str = Field(examples=["Không tìm thấy"])
    status: int = Field(examples=[404])
    detail: str = Field(description="a sentence about this occurrence")
    code: str = Field(description="stable; branch on this", examples=["NOT_FOUND"])
    advice: Advice
    request_id: str = Field(description="also in X-Request-ID; names the log lines of this request")
    retryable: bool = Field(description="the same call may succeed later, unchanged")
    errors: list[FieldError] = Field(default_factory=list, description="for INVALID_REQUEST: the fields that are wrong")
    reasons: list[dict[str, str | None]] = Field(
        default_factory=list,
        description="for STEP_BLOCKED, NOT_REUSABLE and HELD_BY_ANOTHER: every reason, {code, vi, en, field?}",
    )


ErrorPage = Callable[[Request, Problem], Response]


class FieldsInvalid(InvalidRequest):
    """``InvalidRequest`` that names the fields."""

    def __init__(self, *errors: FieldError, detail: str = "Some fields are missing or wrong.") -> None:
        super().__init__(detail)
        self.errors = list(errors)


def to_problem(error: DigitizeError, *, request_id: str, language: Language = "vi") -> Problem:
    """The problem a client sees for ``error``."""
    return Problem(
        type=f"/errors#{error.code}",
        title=error.title_vi if language == "vi" else error.title_en,
        status=error.status,
        detail=error.detail,
        code=error.code,
        advice=Advice(vi=error.advice_vi, en=error.advice_en),
        request_id=request_id,
        retryable=error.retryable,
        errors=error.errors if isinstance(error, FieldsInvalid) else [],
        reasons=error.reasons if isinstance(error, Hindered) else [],
    )


def _wants_page(request: Request) -> bool:
    """A person's browser on one of our pages; everything else gets the problem."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def respond(request: Request, error: DigitizeError, headers: Mapping[str, str] | None = None) -> Response:
    """The response for ``error``: its status, its problem (on a page: as a page), never cached."""
    problem = to_problem(error, request_id=getattr(request.state, "request_id", ""), language=language_of(request))
    response: Response
    if _wants_page(request):
        error_page: ErrorPage = request.app.state.error_page
        response = error_page(request, problem)
    else:
        content = problem.model_dump(exclude={name for name in ("errors", "reasons") if not getattr(problem, name)})
        response = JSONResponse(content, status_code=error.status, media_type=MEDIA_TYPE)
    response.headers.update({"Cache-Control": "no-store", **(headers or {})})
    if isinstance(error, NotAuthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="digitize"'
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    request.state.problem = error.code
    return response


# pydantic's kinds of error, in the counter's words; what is not listed falls back to a general sentence.
_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("Thiếu mục này.", "This is missing."),
    "extra_forbidden": ("Không có mục này.", "There is no such field."),
    "string_too_long": ("Dài quá {max_length} ký tự.", "Longer than {max_length} characters."),
    "string_too_short": ("Ngắn hơn {min_length} ký tự.", "Shorter than {min_length} characters."),
    "string_pattern_mismatch": ("Không đúng dạng quy định.", "Not of the form required."),
    "greater_than_equal": ("Nhỏ hơn {ge}.", "Less than {ge}."),
    "less_than_equal": ("Lớn hơn {le}.", "More than {le}."),
    "date_from_datetime_parsing": ("Không phải ngày năm-tháng-ngày.", "Not a year-month-day date."),
    "date_parsing": ("Không phải ngày năm-tháng-ngày.", "Not a year-month-day date."),
    "int_parsing": ("Không phải số nguyên.", "Not a whole number."),
    "json_invalid": ("Không phải JSON hợp lệ.", "Not valid JSON."),
}
_GENERAL = ("Giá trị không hợp lệ.", "Not a valid value.")


def _field_error(error: Mapping[str, Any], language: Language) -> FieldError:
    message = _MESSAGES.get(str(error["type"]), _GENERAL)[0 if language == "vi" else 1]
    context = {key: value for key, value in error.get("ctx", {}).items() if isinstance(value, int | float | str)}
    try:
        message = message.format(**context)
    except KeyError:
        message = _GENERAL[0 if language == "vi" else 1]
    return FieldError(field=".".join(str(part) for part in error["loc"]), message=message)


async def _coded(request: Request, error: DigitizeError) -> Response:
    return respond(request, error)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    language = language_of(request)
    return respond(request, FieldsInvalid(*(_field_error(item, language) for item in error.errors())))


_BY_STATUS: dict[int, type[DigitizeError]] = {
    kind.status: kind
    for kind in (NotAuthenticated, Forbidden, NotFound, MethodNotAllowed, TooLarge, UnsupportedType, TooManyRequests)
}


async def _http(request: Request, error: HTTPException) -> Response:
    """The framework's own refusals (no such path, wrong method, a body that is no JSON)."""
    if isinstance(error.__cause__, DigitizeError):
        return respond(request, error.__cause__)  # ours, met while the framework read the body
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        kind = InvalidRequest if error.status_code < 500 else DigitizeError
    return respond(request, kind(), error.headers)


def unexpected(request: Request, error: Exception) -> Response:
    """Our defect: the whole story goes to the log under the request id, nothing of it to the client."""
    log.error("unexpected", exc_info=error, request_id=getattr(request.state, "request_id", ""))
    return respond(request, DigitizeError("An unexpected error; it has been logged under this request id."))


async def _unavailable(request: Request, error: Exception) -> Response:
    """The database or the store is away: retryable, and nothing that was accepted is lost."""
    log.error("dependency_down", error=type(error).__name__, request_id=getattr(request.state, "request_id", ""))
    return respond(request, Unavailable(), {"Retry-After": "5"})


def install(app: FastAPI, error_page: ErrorPage) -> None:
    """Answer the coded and the framework's errors of ``app`` as problems; ``middleware`` does the unexpected ones."""
    app.state.error_page = error_page
    app.add_exception_handler(DigitizeError, _coded)  # type: ignore[arg-type]  # handlers are contravariant in the error
    app.add_exception_handler(RequestValidationError, _validation)  # type: ignore[arg-type]  # the same
    for away in (StoreUnavailable, OperationalError, PoolTimeout):
        app.add_exception_handler(away, _unavailable)
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]  # the same


def documents(*kinds: type[DigitizeError]) -> dict[int | str, dict[str, Any]]:
    """The ``responses=`` of a route that may answer these errors; every route may also be INVALID_REQUEST or INTERNAL."""
    by_status: dict[int | str, list[type[DigitizeError]]] = {}
    named: tuple[type[DigitizeError], ...] = (*kinds, InvalidRequest, DigitizeError)
    for kind in dict.fromkeys(named):
        by_status.setdefault(kind.status, []).append(kind)
    return {
        status: {
            "description": " · ".join(f"`{kind.code}` {kind.title_en}" for kind in group),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {
                        kind.code: {
                            "value": to_problem(kind(), request_id="0f3c5b1e9a7d4c2f8b6a1d0e3f5a7c9b").model_dump(
                                exclude={"errors", "reasons"}
                            )
                        }
                        for kind in group
                    },
                }
            },
        }
        for status, group in sorted(by_status.items(), key=lambda item: int(item[0]))
    }

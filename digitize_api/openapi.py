"""What ``/openapi.json`` says besides the routes themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic_core import to_jsonable_python

from digitize_api.auth.principal import COOKIE, CSRF_HEADER
from digitize_api.examples import answers
from digitize_api.problems import Problem

DESCRIPTION = """Post a scan, hear within a second what is wrong with a page, get a searchable PDF, find it by its words.

Stations and services send `Authorization: Bearer <key>`. Browsers hold a session cookie and send `X-CSRF-Token` with every
unsafe request. Errors are `application/problem+json` with a stable `code` and advice in Vietnamese and English; titles follow
`Accept-Language` or `?lang=en`. What lies outside the caller's agencies answers as if it did not exist.
"""
_OPEN = {"/livez", "/readyz", "/metrics"}


def install(app: FastAPI) -> None:
    """Make ``app.openapi()`` complete: the problem's schema, examples of the answers, and how to prove who calls."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    summary=app.summary,
                    description=app.description,
                    routes=app.routes,
                )
            )
        return app.openapi_schema

    app.openapi = build  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = components.setdefault("schemas", {})
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "The key of a station or service"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
        "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path in _OPEN or operation.get("operationId", "").startswith("create_session"):
                operation["security"] = []
            else:
                session: dict[str, list[str]] = {"session": []} if method == "get" else {"session": [], "csrf": []}
                operation["security"] = [{"key": []}, session]
    _show_answers(document)
    return document


def _show_answers(document: dict[str, Any]) -> None:
    """An example with every answer of JSON that says that all is well."""
    for (method, path), answer in answers().items():
        for status, response in document["paths"][path][method]["responses"].items():
            content = response.get("content", {}).get("application/json")
            if status.startswith("2") and content is not None:
                content["example"] = to_jsonable_python(answer[status] if isinstance(answer, Mapping) else answer)

"""``/api/v1/sessions``: a person's sign-in, for pages and programs alike."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from digitize_api.auth import login
from digitize_api.auth.principal import SignedIn, signed_in
from digitize_api.auth.rights import RIGHTS
from digitize_api.context import InContext
from digitize_api.problems import documents
from models.entities import Role
from models.errors import Forbidden, NotAuthenticated, TooManyRequests

router = APIRouter(prefix="/api/v1/sessions", tags=["sessions"])


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=500)]


class Who(BaseModel):
    name: str
    full_name: str
    kind: str = Field(description="account | station")
    role: str
    agency: str = Field(examples=["H56.14"])
    rights: list[str]
    csrf_token: str | None = Field(description="send it as X-CSRF-Token with every unsafe request of this session")
    expires_at: datetime | None = None


@router.post(
    "",
    status_code=201,
    summary="Sign in",
    description="Sets the session cookie. Repeated failures are refused for a minute, never for good.",
    responses=documents(NotAuthenticated, Forbidden, TooManyRequests),
)
def create_session(given: Credentials, request: Request, response: Response, context: InContext) -> Who:
    made, account = login.sign_in(request, context, given.name, given.password.get_secret_value())
    login.set_cookie(request, response, context, made.token)
    role = Role(account.role)
    return Who(
        name=account.name,
        full_name=account.full_name,
        kind="account",
        role=role.value,
        agency=account.agency.code,
        rights=sorted(right.value for right in RIGHTS[role]),
        csrf_token=made.session.csrf_token,
        expires_at=made.session.expires_at,
    )


@router.get("/current", summary="Who is calling", responses=documents(NotAuthenticated))
def get_session(principal: SignedIn) -> Who:
    return Who(
        name=principal.name,
        full_name=principal.full_name,
        kind=principal.kind,
        role=principal.role.value,
        agency=principal.agency.code,
        rights=sorted(right.value for right in RIGHTS[principal.role]),
        csrf_token=principal.csrf_token,
    )


@router.delete(
    "/current",
    status_code=204,
    summary="Sign out",
    dependencies=[Depends(signed_in)],
    responses=documents(NotAuthenticated, Forbidden),
)
def delete_session(request: Request, context: InContext) -> Response:
    login.sign_out(request, context)
    response = Response(status_code=204)
    login.clear_cookie(response)
    return response

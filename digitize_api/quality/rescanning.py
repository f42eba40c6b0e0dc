"""A returned paper's new file from the network: asked whether it may come before it is taken in, and streamed to the store like any scan."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import anyio.to_thread
from fastapi import Request
from starlette.types import Scope

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.quality import service
from digitize_api.scans.receive import receive_upload
from models.batches.entities import BatchRescan

_PATH = re.compile(r"/api/v1/batches/[^/]+/quality/papers/[^/]+/rescan|/so-hoa-lo/[^/]+/chat-luong/quet-lai/[^/]+")


def is_upload(scope: Scope) -> bool:
    """Whether the body of this request is a file, which has a limit of its own."""
    return scope["method"] == "POST" and _PATH.fullmatch(scope["path"]) is not None


async def take(
    request: Request,
    context: Context,
    principal: Principal,
    batch_id: str,
    component_id: str,
    *,
    check_form: Callable[[str], None] | None = None,
) -> tuple[BatchRescan, bool]:
    """The new scan, and whether the file was not sent before. Whatever is raised, the paper stands as it stood."""
    in_thread = anyio.to_thread.run_sync
    await in_thread(service.may_rescan, context, principal, batch_id, component_id)
    received = await receive_upload(
        request,
        context.store,
        max_bytes=context.settings.max_upload_bytes,
        stall_seconds=context.settings.upload_stall_seconds,
        limiter=context.uploads,
        expected_sha256=None,
        check=partial(service.demand_new, context, batch_id, component_id),
        check_form=check_form,
    )
    return await in_thread(service.rescan, context, principal, batch_id, component_id, received)

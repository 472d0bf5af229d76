"""Sessions of a tenant's people, for who may sign them out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.model.access import Permission
from vigie.services import records, sensitive_reads
from vigie.services.access import sessions_of_others as others
from vigie.services.platform import Caller

ROUTER = APIRouter(prefix="/sessions", tags=["sessions"])
_ID = "019aa5d0-0000-7000-8000-000000000001"


class Session(BaseModel):
    """One session that began in this tenant."""

    id: str = Field(examples=[_ID])
    user_id: str = Field(default="", examples=[_ID])
    address: str = Field(default="", examples=["192.0.2.7"])
    agent: str = Field(default="", examples=["Mozilla/5.0 …"])
    created_at: str | None = None
    last_used_at: str | None = None
    expires_at: str | None = None
    revoked_at: str | None = None
    revoked_why: str = ""
    revoked: bool = False


@ROUTER.get("", response_model=PageOf[Session], openapi_extra=parameters(others.LISTING))
def list_sessions(
    request: Request, platform: ThePlatform,
    caller: Annotated[Caller, needs(Permission.SESSIONS_READ)],
) -> Response:  # fmt: skip
    """Sessions that began in this tenant, ended ones among them until they are forgotten. That
    somebody looked is an entry of the audit log."""
    sensitive_reads.note(platform, caller, "session")
    return page_answer(records.list_of(platform, caller, others.LISTING, query_of(request)))


@ROUTER.delete("/{session_id}", status_code=204)
def revoke_session(
    session_id: str, platform: ThePlatform,
    caller: Annotated[Caller, needs(Permission.SESSIONS_REVOKE)],
) -> Response:  # fmt: skip
    """Sign somebody out: the session is over with its next request."""
    others.revoke(platform, caller, session_id)
    return Response(status_code=204)

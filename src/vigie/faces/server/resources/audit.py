"""The audit log: who did what, and the proof that nobody changed it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from vigie.faces.server import exports
from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.model.access import Permission
from vigie.services import audit, audit_reading
from vigie.services.audit_shipping import json_line, syslog_lines
from vigie.services.platform import Caller

ROUTER = APIRouter(tags=["audit"])
Reading = Annotated[Caller, needs(Permission.AUDIT_READ)]

_MEDIA = {"jsonl": "application/jsonl", "csv": "text/csv", "syslog": "text/plain"}
_COLUMNS = (
    "seq", "at", "action", "outcome", "actor_kind", "actor_id", "actor", "subject_kind",
    "subject_id", "address", "request_id", "detail", "previous", "hash",
)  # fmt: skip
# An export is whole: it takes the filters of the list, and no order, fields or pages.
_FILTERS = {
    "parameters": [
        one
        for one in parameters(audit_reading.LISTING, facets=False, paged=False)["parameters"]
        if one["name"] not in ("sort", "fields")
    ]
}


class AuditEntry(BaseModel):
    """One entry. `id` is its place in the tenant's log; `hash` is over it and the entry before;
    `outcome` is done or refused; `actor_kind` user, key or system."""

    id: int = Field(examples=[41])
    action: str | None = Field(default=None, examples=["finding.triage"])
    actor_kind: str | None = Field(default=None, examples=["user"])
    actor_id: str | None = None
    actor: str | None = Field(default=None, examples=["Ada"])
    subject_kind: str | None = Field(default=None, examples=["finding"])
    subject_id: str | None = None
    detail: dict[str, Any] | None = Field(default=None, examples=[{"status": "in_triage"}])
    request_id: str | None = None
    address: str | None = Field(default=None, examples=["192.0.2.7"])
    outcome: str | None = Field(default=None, examples=["done"])
    at: str | None = Field(default=None, examples=["2026-03-01T12:00:00+00:00"])
    hash: str | None = None


class AuditVerdict(BaseModel):
    """What a walk over the tenant's whole log found. Without `problems` it is whole."""

    whole: bool = Field(examples=[True])
    entries: int = Field(examples=[41])
    checkpoints: int = Field(examples=[3])
    problems: list[str] = Field(examples=[[]])
    key: str = Field(description="Ed25519 public key of the checkpoints, in hex.")


@ROUTER.get("/audit", response_model=PageOf[AuditEntry],
            openapi_extra=parameters(audit_reading.LISTING))  # fmt: skip
def list_audit_entries(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's log, newest first. That it was read is an entry as well."""
    return page_answer(audit_reading.page(platform, caller, query_of(request)))


@ROUTER.get(
    "/audit/export",
    response_class=StreamingResponse,
    openapi_extra=_FILTERS,
    responses={200: {
        "description": "One entry a line.",
        "content": {name: {"schema": {"type": "string"}} for name in _MEDIA.values()},
    }},
)  # fmt: skip
def export_audit_log(
    request: Request,
    platform: ThePlatform,
    caller: Reading,
    form: Annotated[
        Literal["jsonl", "csv", "syslog"],
        Query(alias="format", description="JSON lines, CSV, or syslog messages (RFC 5424)."),
    ] = "jsonl",
) -> Response:
    """Every entry that the filters find, the oldest first, with all that its hash is over: what
    was there when the export began. That the log was exported is an entry as well."""
    query = query_of(request, but=("format",))
    rows = audit_reading.export(platform, caller, query, form)
    if form == "csv":
        written = exports.table(rows, _COLUMNS)
    else:
        lines = syslog_lines(rows) if form == "syslog" else (json_line(row) for row in rows)
        written = exports.chunks(lines)
    name = "audit.log" if form == "syslog" else f"audit.{form}"
    return StreamingResponse(
        written,
        media_type=_MEDIA[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@ROUTER.get("/audit/verify", response_model=AuditVerdict)
def verify_audit_log(platform: ThePlatform, caller: Reading) -> Response:
    """Walk the tenant's log from its first entry, and meet its head and its checkpoints. A
    database that was put back whole only a checkpoint kept elsewhere shows: `vigie audit`."""
    verdict = audit.verify(platform.database, caller.scope, platform.sealing)
    with platform.database.begin(caller.scope) as work:
        work.audit(caller.entry("audit.verify", "audit", "", whole=verdict.whole,
                                entries=verdict.entries))  # fmt: skip
    words = platform.words(caller.language)
    return answer({
        "whole": verdict.whole, "entries": verdict.entries, "checkpoints": verdict.checkpoints,
        "problems": [words(problem) for problem in verdict.problems],
        "key": audit.public_key(platform.sealing),
    })  # fmt: skip

"""Suppressions: the decisions that hold, taken back one by one or many at once; and VEX."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services import records, suppressions, triage
from vigie.services.platform import Caller
from vigie.services.triage import restoring

ROUTER = APIRouter(tags=["suppressions"])
Reading = Annotated[Caller, needs(Permission.SUPPRESSIONS_READ)]
Writing = Annotated[Caller, needs(Permission.FINDINGS_TRIAGE)]
# What a VEX document is, by its form.
_MEDIA = ("application/json", "application/vnd.cyclonedx+json")


class Suppression(BaseModel):
    """A decision and how far it goes: `scope` asset (this finding, whatever tag), component
    (its rule in its package, anywhere) or tenant (its rule, everywhere)."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    scope: str = Field(examples=["asset"])
    asset_id: str | None
    component: str = Field(examples=["npm left-pad"])
    kind: str = Field(examples=["vulnerability"])
    rule: str = Field(examples=["CVE-2024-1"])
    status: str = Field(examples=["not_affected"])
    justification: str = Field(examples=["vulnerable_code_not_in_execute_path"])
    reason: str
    source: str = Field(examples=["person"])
    owner: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    revision: int


class Revocation(BaseModel):
    """Which decisions to take back, or to restore; all of them or none."""

    model_config = ConfigDict(extra="forbid")

    suppressions: list[str] = Field(min_length=1, max_length=20000)


class Revoked(BaseModel):
    """How many findings have another status now."""

    suppressions: list[str]
    changed: int


@ROUTER.get("/suppressions", response_model=PageOf[Suppression],
            openapi_extra=parameters(suppressions.LISTING))  # fmt: skip
def list_suppressions(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """Every decision, also those that ended (`revoked_at`), the newest first."""
    query = query_of(request)
    return page_answer(records.list_of(platform, caller, suppressions.LISTING, query))


@ROUTER.get("/suppressions/{suppression_id}", response_model=Suppression)
def get_suppression(suppression_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One decision."""
    row = records.read(platform, caller, suppressions.SUPPRESSION, suppression_id)
    return answer(_shown(row), row["revision"])


@ROUTER.post("/suppressions/revoke", response_model=Revoked)
def revoke_suppressions(body: Revocation, platform: ThePlatform, caller: Writing) -> Response:
    """Take decisions back (undo): their findings are what they would be without."""
    done = triage.revoke(platform, caller, body.suppressions)
    return answer({"suppressions": done.suppressions, "changed": done.changed})


@ROUTER.post("/suppressions/restore", response_model=Revoked)
def restore_suppressions(body: Revocation, platform: ThePlatform, caller: Writing) -> Response:
    """Let decisions hold again that were taken back (undo of the undo)."""
    done = restoring.restore(platform, caller, body.suppressions)
    return answer({"suppressions": done.suppressions, "changed": done.changed})


@ROUTER.delete("/suppressions/{suppression_id}", status_code=204)
def delete_suppression(
    suppression_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take one decision back. It stays in the list with the day on which it ended."""
    seen = None if expected is None else {suppression_id: expected}
    triage.revoke(platform, caller, [suppression_id], expected=seen)
    return Response(status_code=204)


@ROUTER.get(
    "/vex",
    response_class=StreamingResponse,
    responses={200: {"content": {name: {} for name in _MEDIA}, "description": "The document."}},
)
def get_vex(
    platform: ThePlatform,
    caller: Reading,
    form: Annotated[
        Literal["openvex", "cyclonedx"], Query(alias="format", description="Which form.")
    ] = "openvex",
) -> Response:
    """All that was decided, as a VEX document for customers and scanners. (Others' VEX documents
    come in as imports.)"""
    chunks, media_type = suppressions.vex_document(platform, caller, form)
    return StreamingResponse(chunks, media_type=media_type)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in Suppression.model_fields}

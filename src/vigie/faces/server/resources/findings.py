"""Findings: lists, one with all that stands behind it, why it is there, comments, exports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from vigie.faces.server import exports
from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of, written
from vigie.faces.server.revisions import Expected, answer
from vigie.faces.server.shapes.findings import (
    Change,
    Comment,
    CommentText,
    Explanation,
    Finding,
    FindingDetail,
)
from vigie.faces.server.streams import ClosingResponse
from vigie.model.access import Permission
from vigie.services import triage
from vigie.services.platform import Caller
from vigie.services.reading import explaining, findings
from vigie.stores.relational.database import Work
from vigie.stores.relational.listings.findings import LISTING
from vigie.stores.relational.listings.history import LISTING as HISTORY

ROUTER = APIRouter(tags=["findings"])
Reading = Annotated[Caller, needs(Permission.FINDINGS_READ)]
Commenting = Annotated[Caller, needs(Permission.FINDINGS_COMMENT)]
_MEDIA = {"jsonl": "application/jsonl", "csv": "text/csv"}


@ROUTER.get("/findings", response_model=PageOf[Finding], openapi_extra=parameters(LISTING))
def list_findings(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's findings, the weightiest first. `q` looks for words in what they name: the
    rule, the component, the asset."""
    return page_answer(findings.page(platform, caller, query_of(request), written))


@ROUTER.get(
    "/findings/export",
    status_code=200,
    response_class=ClosingResponse,
    openapi_extra=parameters(LISTING, facets=False, paged=False),
    responses={200: {
        "description": "One row a finding.",
        "content": {name: {"schema": {"type": "string"}} for name in _MEDIA.values()},
    }},
)  # fmt: skip
def export_findings(
    request: Request,
    platform: ThePlatform,
    caller: Reading,
    format: Annotated[  # noqa: A002  it is called so in the address
        Literal["jsonl", "csv"], Query(description="JSON lines, or comma-separated values.")
    ] = "jsonl",
) -> Response:
    """Every finding that the list would show on all its pages, as of one moment."""
    query = query_of(request, but=("format",))
    with platform.database.begin(caller.scope) as work:
        work.audit(caller.entry("finding.export", "finding", "", asked=str(request.url.query)))
    opened = findings.export(platform, caller, query)
    rows = opened.__enter__()
    written = exports.jsonl(rows) if format == "jsonl" else exports.csv(rows, query)
    name = f'attachment; filename="findings.{format}"'
    return ClosingResponse(
        written,
        close=lambda: opened.__exit__(None, None, None),
        media_type=_MEDIA[format],
        headers={"Content-Disposition": name},
    )


@ROUTER.get("/findings/{finding_id}", response_model=FindingDetail)
def get_finding(finding_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One finding with its rule, evidence, decision, comments and tickets."""
    found = findings.one(platform, caller, finding_id)
    return answer(found, found["revision"])


@ROUTER.get("/findings/{finding_id}/explain", response_model=Explanation)
def explain_finding(finding_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """Why it is there: who said it, why that belongs together, whose severity and fix won."""
    return answer(explaining.explanation(platform, caller, finding_id))


@ROUTER.get("/findings/{finding_id}/history", response_model=PageOf[Change],
            openapi_extra=parameters(HISTORY))  # fmt: skip
def list_finding_history(
    finding_id: str, request: Request, platform: ThePlatform, caller: Reading
) -> Response:
    """What happened to it, latest first."""
    return page_answer(findings.history(platform, caller, finding_id, query_of(request)))


@ROUTER.get("/findings/{finding_id}/comments")
def list_finding_comments(finding_id: str, platform: ThePlatform, caller: Reading) -> list[Comment]:
    """What people wrote about it, oldest first."""
    found: Any = findings.comments_of(platform, caller, finding_id)
    return found  # type: ignore[no-any-return]


@ROUTER.post("/findings/{finding_id}/comments", status_code=201, response_model=Comment)
def create_finding_comment(
    finding_id: str, body: CommentText, platform: ThePlatform, caller: Commenting, once: Once
) -> Response:
    """Write about it."""

    def create(work: Work) -> tuple[Any, int]:
        row = triage.add_comment(work, platform, caller, finding_id, body.body)
        return _shown(row), row["revision"]

    return once(caller, create)


@ROUTER.patch("/findings/{finding_id}/comments/{comment_id}", response_model=Comment)
def change_finding_comment(
    finding_id: str,
    comment_id: str,
    body: CommentText,
    platform: ThePlatform,
    caller: Commenting,
    expected: Expected,
) -> Response:
    """Change one's own comment."""
    findings.check_comment(platform, caller, finding_id, comment_id)
    row = triage.edit_comment(platform, caller, comment_id, body.body, expected)
    return answer(_shown(row), row["revision"])


@ROUTER.delete("/findings/{finding_id}/comments/{comment_id}", status_code=204)
def delete_finding_comment(
    finding_id: str,
    comment_id: str,
    platform: ThePlatform,
    caller: Commenting,
    expected: Expected,
) -> Response:
    """Take one's own comment away."""
    findings.check_comment(platform, caller, finding_id, comment_id)
    triage.remove_comment(platform, caller, comment_id, expected)
    return Response(status_code=204)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "tenant_id"}

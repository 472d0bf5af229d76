"""Reports: documents about what is known, made in the background, in every format."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.model.access import Permission
from vigie.model.text import Language
from vigie.services import files, records, reporting
from vigie.services.platform import Caller

ROUTER = APIRouter(tags=["reports"])
Reading = Annotated[Caller, needs(Permission.REPORTS_READ)]
Writing = Annotated[Caller, needs(Permission.REPORTS_WRITE)]


class NewReport(BaseModel):
    """Which findings (`filters` as the list of findings takes them), in which form."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200, examples=["What is open in the shop"])
    format: str = Field(max_length=50, examples=["pdf"])
    language: Language | None = None
    filters: dict[str, str] = Field(
        default={}, max_length=50, examples=[{"severity": "critical,high", "counts": "true"}]
    )


class Report(BaseModel):
    """A document that is asked for, or made. GET /reports/{id}/file gives it."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    title: str
    format: str
    language: str
    state: str = Field(examples=["done"])
    filters: dict[str, Any] | None
    job_id: str | None
    file_id: str | None
    actor: str
    created_at: str
    ended_at: str | None


class Format(BaseModel):
    """A form that documents can have."""

    format: str = Field(examples=["pdf"])
    label: str
    suffix: str = Field(examples=[".pdf"])
    media_type: str = Field(examples=["application/pdf"])


@ROUTER.get("/reports", response_model=PageOf[Report],
            openapi_extra=parameters(reporting.LISTING))  # fmt: skip
def list_reports(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """Documents, the newest first."""
    return page_answer(records.list_of(platform, caller, reporting.LISTING, query_of(request)))


@ROUTER.get("/reports/formats")
def list_report_formats(platform: ThePlatform, caller: Reading) -> list[Format]:  # noqa: ARG001
    """Every form that a document can have."""
    outlets = platform.plugs.outlets
    return [
        Format(format=name, label=outlets[name].label, suffix=outlets[name].suffix,
               media_type=outlets[name].media_type)
        for name in outlets
    ]  # fmt: skip


@ROUTER.post("/reports", status_code=202, response_model=Report)
def create_report(body: NewReport, platform: ThePlatform, caller: Writing, once: Once) -> Response:
    """Ask for a document; a worker makes it."""

    def create(work: Any) -> tuple[Any, None]:
        row = reporting.create(
            work, platform, caller, title=body.title, report_format=body.format,
            language=body.language, filters=body.filters,
        )  # fmt: skip
        return _shown(row), None

    return once(caller, create, status=202)


@ROUTER.get("/reports/{report_id}", response_model=Report)
def get_report(report_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One document's state."""
    return answer(_shown(records.read(platform, caller, reporting.REPORT, report_id)))


@ROUTER.get(
    "/reports/{report_id}/file",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The document."}},
)
def get_report_file(report_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """The document itself, to be saved under its name."""
    with platform.database.begin(caller.scope) as work:
        stored = reporting.file_of(work, report_id)
        work.audit(caller.entry("report.download", "report", report_id, name=stored.name))
    headers = {
        "Content-Disposition": _saved_as(stored.name),
        "Content-Length": str(stored.size),
    }
    return StreamingResponse(
        files.pieces_of(platform, caller.scope, stored),
        media_type=stored.media_type,
        headers=headers,
    )


@ROUTER.delete("/reports/{report_id}", status_code=204)
def delete_report(report_id: str, platform: ThePlatform, caller: Writing) -> Response:
    """Take a document away."""
    with platform.database.begin(caller.scope) as work:
        reporting.remove(work, caller, report_id)
    return Response(status_code=204)


def _saved_as(name: str) -> str:
    """The name in letters that every header can hold, and as it is (RFC 6266, RFC 8187)."""
    plain = re.sub(r"[^\w.-]", "-", name, flags=re.ASCII)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in Report.model_fields}

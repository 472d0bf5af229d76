"""Imports: reports of any scanner, handed in by people and pipelines."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import BaseModel, Field

from vigie.faces.server.callers import AdmittedFirst, ThePlatform, needs
from vigie.faces.server.idempotency import OnceUploading
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.speech import spoken
from vigie.model.access import Permission
from vigie.model.assets import Criticality, Exposure
from vigie.model.errors import UserError
from vigie.model.text import T, Words
from vigie.services import records, submissions
from vigie.services.imports import ImportOptions
from vigie.services.platform import Caller

ROUTER = APIRouter(tags=["imports"], route_class=AdmittedFirst)
Reading = Annotated[Caller, needs(Permission.IMPORTS_READ)]
Writing = Annotated[Caller, needs(Permission.IMPORTS_WRITE)]


class Import(BaseModel):
    """A report that was handed in. `state` is queued, running, done or failed; `summary` says
    what it changed, asset by asset."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    name: str = Field(examples=["trivy.json"])
    origin: str = Field(examples=["upload"])
    format: str = Field(examples=["trivy"])
    asset: str = Field(examples=["shop"])
    state: str = Field(examples=["done"])
    summary: dict[str, Any] | None = Field(examples=[{"new": 12, "reopened": 0, "closed": 3}])
    job_id: str | None
    actor: str
    created_at: str
    ended_at: str | None


@ROUTER.get("/imports", response_model=PageOf[Import],
            openapi_extra=parameters(submissions.IMPORT_LISTING))  # fmt: skip
def list_imports(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """What was handed in, the newest first."""
    page = records.list_of(platform, caller, submissions.IMPORT_LISTING, query_of(request))
    words = platform.words(caller.language)
    items = tuple(
        {**item, "summary": spoken(item.get("summary"), words)} if "summary" in item else item
        for item in page.items
    )
    return page_answer(replace(page, items=items))


@ROUTER.post("/imports", status_code=202, response_model=Import)
def create_import(  # noqa: PLR0913, PLR0917  one parameter a field of the form
    platform: ThePlatform,
    caller: Writing,
    once: OnceUploading,
    report: Annotated[UploadFile, File(description="A report of any scanner, or a result that "
                                       "`vigie scan --format json=FILE` wrote.")],
    asset: Annotated[str, Form(max_length=500, description="What it is about, where the report "
                               "does not say so itself: a name, or an asset's id.")] = "",
    report_format: Annotated[str, Form(alias="format", max_length=100,
                                       description="What it is, where it is not recognised.")] = "",
    exposure: Annotated[Exposure, Form()] = Exposure.UNKNOWN,
    criticality: Annotated[Criticality, Form()] = Criticality.UNKNOWN,
    owner: Annotated[str, Form(max_length=200)] = "",
    labels: Annotated[str, Form(max_length=2000, examples=["team=web,env=prod"],
                                description="key=value, with commas between.")] = "",
    origin: Annotated[str, Form(pattern="^(upload|push)$")] = "upload",
) -> Response:  # fmt: skip
    """Hand in a report. It is kept when this answers; GET /jobs/{job_id} says how far it is."""
    options = ImportOptions(report_format, asset, owner, exposure, criticality, _labels(labels))

    if once.key:
        once.about(
            report.file, report.filename or "", report_format, asset, owner, exposure, criticality,
            labels, origin,
        )  # fmt: skip

    def create(work: Any) -> tuple[Any, None]:
        row = submissions.submit_import(
            work, platform, caller, report.file, name=report.filename or "report",
            options=options, origin=origin,
        )  # fmt: skip
        return _shown(row, platform.words(caller.language)), None

    return once(caller, create, status=202)


@ROUTER.get("/imports/{import_id}", response_model=Import)
def get_import(import_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One import and what it changed."""
    row = records.read(platform, caller, submissions.IMPORT, import_id)
    return answer(_shown(row, platform.words(caller.language)))


def _labels(text: str) -> dict[str, str]:
    found = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise UserError(T("{word!r} is no label", word=pair[:100]), T("Write key=value."))
        found[key.strip()] = value.strip()
    return found


def _shown(row: dict[str, Any], words: Words) -> dict[str, Any]:
    shown = {name: row[name] for name in Import.model_fields}
    if row["summary"]:
        shown["summary"] = spoken(row["summary"], words)
    return shown

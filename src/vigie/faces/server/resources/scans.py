"""Scans: made by the platform's own workers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.speech import spoken
from vigie.model.access import Permission
from vigie.model.assets import Criticality, Exposure
from vigie.model.errors import SourceError
from vigie.model.text import Words
from vigie.services import records, scan_log, submissions
from vigie.services.platform import Caller, Platform
from vigie.services.scan_targets import ScanRules, check_target

ROUTER = APIRouter(tags=["scans"])
Reading = Annotated[Caller, needs(Permission.SCANS_READ)]
Writing = Annotated[Caller, needs(Permission.SCANS_WRITE)]
LOOK_UP_SECONDS = 2.0  # a name server that does not answer must not hold up the API


class NewScan(BaseModel):
    """What to look at, and with which scanners (none named: all that are here and suit it)."""

    model_config = ConfigDict(extra="forbid")

    target: str = Field(min_length=1, max_length=2000, examples=["registry.example/shop:1.4"])
    scanners: list[str] = Field(default=[], max_length=50, examples=[["embedded"]])
    exposure: Exposure = Exposure.UNKNOWN
    criticality: Criticality = Criticality.UNKNOWN


class Scan(BaseModel):
    """A scan. `import_id` is the import of what it found."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    target: str
    state: str = Field(examples=["queued"])
    summary: dict[str, Any] | None
    options: dict[str, Any] | None
    import_id: str | None
    schedule_id: str | None
    job_id: str | None
    actor: str
    created_at: str
    ended_at: str | None


class ScanLogEntry(BaseModel):
    """`kind` is started, step, printed or finished; `text` a sentence, or lines that the scanner
    wrote to its error output. `seq` is its place: ask for what came `after` it."""

    seq: int = Field(examples=[3])
    scanner: str = Field(examples=["grype"])
    kind: str = Field(examples=["printed"])
    text: str = Field(examples=["the database is up to date"])
    at: str = Field(examples=["2026-03-01T12:00:00+00:00"])


@ROUTER.get("/scans", response_model=PageOf[Scan],
            openapi_extra=parameters(submissions.SCAN_LISTING))  # fmt: skip
def list_scans(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """Scans, the newest first."""
    page = records.list_of(platform, caller, submissions.SCAN_LISTING, query_of(request))
    words = platform.words(caller.language)
    items = tuple(
        {**item, "summary": spoken(item.get("summary"), words)} if "summary" in item else item
        for item in page.items
    )
    return page_answer(replace(page, items=items))


@ROUTER.post("/scans", status_code=202, response_model=Scan)
def create_scan(
    body: NewScan, request: Request, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Start a scan: it is queued when this answers. GET /jobs/{job_id}/stream follows it."""
    refuse_target(request, platform, body.target)

    def create(work: Any) -> tuple[Any, None]:
        options = body.model_dump(mode="json", exclude={"target"})
        row = submissions.submit_scan(work, platform, caller, body.target, options=options)
        return _shown(row, platform.words(caller.language)), None

    return once(caller, create, status=202)


@ROUTER.get("/scans/{scan_id}", response_model=Scan)
def get_scan(scan_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One scan."""
    row = records.read(platform, caller, submissions.SCAN, scan_id)
    return answer(_shown(row, platform.words(caller.language)))


@ROUTER.get("/scans/{scan_id}/log", response_model=list[ScanLogEntry])
def get_scan_log(
    scan_id: str,
    platform: ThePlatform,
    caller: Reading,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Only what came later.")] = 0,
) -> Response:
    """What each scanner did and the last of what it wrote (1000 lines, 64 KiB), in the order in
    which it happened; of the last attempt. Lines come within about a second of being written, and
    `scan_log.changed` among the events says that some came; where a scanner writes faster, "…"
    stands for what is left out. What looks like a credential is masked."""
    records.read(platform, caller, submissions.SCAN, scan_id)
    words = platform.words(caller.language)
    return answer([_entry(row, words) for row in scan_log.read(platform, caller, scan_id, after)])


def refuse_target(request: Request, platform: Platform, target: str) -> None:
    """Raises UserError for a target that no worker would look at. One whose name cannot be looked
    up now is the worker's to say."""
    rules: ScanRules = getattr(request.app.state, "scan_rules", ScanRules())
    with suppress(SourceError):
        check_target(platform, target, rules, LOOK_UP_SECONDS)


def _entry(row: dict[str, Any], words: Words) -> dict[str, Any]:
    said = row.pop("said") or {}
    text = said.get("text", "") if row["kind"] == "printed" else said and spoken(said, words)
    return {**row, "text": text or ""}


def _shown(row: dict[str, Any], words: Words) -> dict[str, Any]:
    shown = {name: row[name] for name in Scan.model_fields}
    shown["summary"] = spoken(row["summary"], words)
    return shown

"""Jobs: work that goes on in the background, how far it is, and how it ended."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

import anyio
import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from vigie.faces.server.callers import ThePlatform, caller_of, needs
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.speech import spoken
from vigie.faces.server.streams import Bell, listeners_of
from vigie.model.access import Permission
from vigie.model.errors import VigieError
from vigie.model.text import Words
from vigie.services import job_records, job_retries, records
from vigie.services.platform import Caller, Platform

ROUTER = APIRouter(tags=["jobs"])
Reading = Annotated[Caller, needs(Permission.JOBS_READ)]
Writing = Annotated[Caller, needs(Permission.JOBS_WRITE)]
_LOOK = 0.5  # seconds after which a job that is followed is looked at although nobody rang
_PACE = 0.1  # seconds between two looks, however often it rings
ASK_SECONDS = 15.0  # how often it is asked whether whoever follows still may
_LONGEST = 3600.0  # seconds that a job is followed on one connection


class Job(BaseModel):
    """A piece of work. `state` is queued, running, done, failed or cancelled; `progress` 0–1,
    null when nobody can say; `error` says what went wrong and what to do."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    kind: str = Field(examples=["import"])
    state: str = Field(examples=["running"])
    progress: float | None = Field(examples=[0.4])
    stage: str = Field(examples=["merging"])
    attempts: int
    result: dict[str, Any] | None
    error: dict[str, Any] | None = Field(examples=[None])
    subject_kind: str
    subject_id: str
    actor: str
    created_at: str
    due_at: str
    started_at: str | None
    ended_at: str | None


@ROUTER.get("/jobs", response_model=PageOf[Job],
            openapi_extra=parameters(job_records.LISTING))  # fmt: skip
def list_jobs(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """Jobs, the newest first."""
    page = records.list_of(platform, caller, job_records.LISTING, query_of(request))
    words = platform.words(caller.language)
    items = tuple(
        {**item, "error": spoken(item.get("error"), words)} if "error" in item else item
        for item in page.items
    )
    return page_answer(replace(page, items=items))


@ROUTER.get("/jobs/{job_id}", response_model=Job)
def get_job(job_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """How far one job is."""
    row = records.read(platform, caller, job_records.JOB, job_id)
    return answer(_shown(row, platform.words(caller.language)))


@ROUTER.post("/jobs/{job_id}/cancel", response_model=Job)
def cancel_job(job_id: str, platform: ThePlatform, caller: Writing) -> Response:
    """Stop it: at once when it waits, soon when it runs. One that has ended is a conflict."""
    with platform.database.begin(caller.scope) as work:
        row = job_records.cancel(work, platform, caller, job_id)
    return answer(_shown(row, platform.words(caller.language)))


@ROUTER.post("/jobs/{job_id}/retry", response_model=Job, status_code=202)
def retry_job(job_id: str, platform: ThePlatform, caller: Writing) -> Response:
    """Try one that failed once more, from its beginning. Any other is a conflict."""
    with platform.database.begin(caller.scope) as work:
        row = job_retries.retry(work, platform, caller, job_id)
    return answer(_shown(row, platform.words(caller.language)), status=202)


@ROUTER.get(
    "/jobs/{job_id}/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events."}},
)
async def stream_job(
    job_id: str, request: Request, platform: ThePlatform, caller: Reading
) -> Response:
    """Follow a job (server-sent events): an event each time something changes, until it ends."""
    await run_in_threadpool(records.read, platform, caller, job_records.JOB, job_id)
    listeners = listeners_of(request.app)
    listeners.check(caller.tenant)  # while it can still be said

    async def body() -> AsyncIterator[bytes]:
        # Another was quicker; or whoever followed was signed out, or may no longer.
        with suppress(VigieError), listeners.listen(caller.tenant) as bell:
            async for change in _changes(request, platform, caller, job_id, bell):
                yield change

    return StreamingResponse(body(), media_type="text/event-stream")


async def _changes(
    request: Request, platform: Platform, caller: Caller, job_id: str, bell: Bell
) -> AsyncIterator[bytes]:
    words, last, listeners = platform.words(caller.language), b"", listeners_of(request.app)
    asked = silent = time.monotonic()
    with anyio.move_on_after(_LONGEST):
        while not (listeners.ended or await request.is_disconnected()):
            if time.monotonic() - asked >= ASK_SECONDS:
                await run_in_threadpool(_admit, request)
                asked = time.monotonic()
            row = await run_in_threadpool(records.read, platform, caller, job_records.JOB, job_id)
            now = msgspec.json.encode(_shown(row, words), enc_hook=str)
            if now != last:
                last, silent = now, time.monotonic()
                yield b"event: job\ndata: " + now + b"\n\n"
            elif time.monotonic() - silent >= ASK_SECONDS:
                silent = time.monotonic()
                yield b": still at it\n\n"  # so that nothing in between hangs up
            if row["state"] in job_records.ENDED:
                return
            await anyio.sleep(_PACE)
            await bell.wait(_LOOK)


def _admit(request: Request) -> None:
    """Raises NotSignedIn and NotAllowed for whoever may no longer follow jobs."""
    request.state.caller = None  # who it was when the stream began is another question
    caller_of(request).require(Permission.JOBS_READ)


def _shown(row: dict[str, Any], words: Words) -> dict[str, Any]:
    shown = {name: row[name] for name in Job.model_fields}
    shown["error"] = spoken(row["error"], words)
    return shown

"""Events: a list, and a stream of what happens from now on (or from a known event on)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response, WebSocket
from fastapi.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse
from starlette.websockets import WebSocketDisconnect

from vigie.faces.server.callers import ThePlatform, caller_of, needs, platform_of
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.problems import problem_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.shapes.overview import Event
from vigie.faces.server.speech import spoken
from vigie.faces.server.streams import Bell, Listeners, listeners_of
from vigie.model.access import NotAllowed, Permission
from vigie.model.errors import VigieError
from vigie.model.text import T
from vigie.services.failures import TooMany
from vigie.services.platform import Caller
from vigie.services.reading import events
from vigie.services.reading.underway import Underway
from vigie.stores.relational.listings.events import LISTING

ROUTER = APIRouter(tags=["events"])
Reading = Annotated[Caller, needs(Permission.EVENTS_READ)]
_LastEvent = Annotated[
    str | None, Header(description="Go on after this event; browsers send it by themselves.")
]
_Kinds = Annotated[str, Query(description="Only these kinds, with commas between them.")]

LOOK_SECONDS = 2.0  # how often it is looked although nobody rang
PACE_SECONDS = 0.1  # between two looks, however often it rings
HEARTBEAT_SECONDS = 15.0
_MOST_LISTED = 20


@ROUTER.get("/events", response_model=PageOf[Event], openapi_extra=parameters(LISTING))
def list_events(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """What happened, latest first."""
    page = events.page(platform, caller, query_of(request))
    words = platform.words(caller.language)
    return page_answer(replace(page, items=tuple(spoken(item, words) for item in page.items)))


@ROUTER.get(
    "/events/stream",
    response_class=StreamingResponse,
    responses={200: {
        "description": "Server-sent events: `id`, `event` (the kind) and `data` (the event). "
        "`job.changed`, `delivery.changed` and `scan_log.changed` say how things stand and have "
        "no `id`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }},
)  # fmt: skip
def stream_events(
    request: Request, caller: Reading, last_event_id: _LastEvent = None, kinds: _Kinds = ""
) -> Response:
    """What happens from now on, or from the event after `Last-Event-ID` on; and what is under way:
    each job and delivery that the caller may read, when its state changes, and at the beginning
    those that are open; and which logs of running scans grew. Something may come twice after a
    reconnection; its id tells."""
    news = _News(request, caller, last_event_id or "", kinds)
    listeners = listeners_of(request.app)
    listeners.check(caller.tenant)  # while it can still be said

    async def body() -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        with suppress(TooMany):  # another was quicker
            async for event in _live(request, caller, news, listeners):
                yield _sse(event)

    return StreamingResponse(
        body(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


@ROUTER.get("/events/{event_id}", response_model=Event)
def get_event(event_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One event."""
    words = platform.words(caller.language)
    return answer(spoken(events.one(platform, caller, event_id), words))


@ROUTER.websocket("/events/live")
async def live_events(socket: WebSocket, last_event_id: str = "", kinds: str = "") -> None:
    """The same over a WebSocket, one JSON text an event; `{"heartbeat": true}` in between."""
    try:
        caller = await run_in_threadpool(_admitted, socket)
        given = socket.headers.get("last-event-id", last_event_id)
        news = await run_in_threadpool(_News, socket, caller, given, kinds)
        listeners = listeners_of(socket.app)
        listeners.check(caller.tenant)
    except VigieError as error:
        await socket.send_denial_response(problem_of(socket, error))
        return
    await socket.accept()
    try:
        async for event in _live(socket, caller, news, listeners):
            await socket.send_text(_json(event or {"heartbeat": True}).decode())
        await socket.close(1008)
    except WebSocketDisconnect:
        return
    except TooMany:  # another was quicker
        await socket.close(1013)


async def _live(
    connection: HTTPConnection, caller: Caller, news: _News, listeners: Listeners
) -> AsyncIterator[dict[str, Any] | None]:
    """Events as they come, None as a sign of life. Ends when the caller may no longer read or is
    gone, and when the server stops."""
    with listeners.listen(caller.tenant) as bell:
        gone = asyncio.create_task(_leaving(connection, bell))
        try:
            asked = time.monotonic()
            while not (gone.done() or listeners.ended):
                for event in await run_in_threadpool(news.more):
                    yield event
                await asyncio.wait({gone}, timeout=PACE_SECONDS)
                await bell.wait(LOOK_SECONDS)
                if time.monotonic() - asked < HEARTBEAT_SECONDS:
                    continue
                # Somebody who was signed out meanwhile must not go on reading, however much
                # happens: so it is asked as often where there is always something to say.
                try:
                    await run_in_threadpool(_admitted, connection)
                except VigieError:
                    return
                yield None
                asked = time.monotonic()
        finally:
            gone.cancel()


async def _leaving(connection: HTTPConnection, bell: Bell) -> None:
    """Ends when the other side does; nothing else that it sends is of interest."""
    if isinstance(connection, WebSocket):
        while (await connection.receive())["type"] != "websocket.disconnect":
            pass
    else:
        receive = connection._receive  # type: ignore[attr-defined]  # noqa: SLF001
        while (await receive())["type"] != "http.disconnect":
            pass
    bell.ring()


def _admitted(connection: HTTPConnection) -> Caller:
    """The caller, allowed to read events. Raises NotSignedIn and NotAllowed, also for a page of
    another site that opens a socket with this one's cookies."""
    origin = connection.headers.get("origin", "")
    here = {f"{scheme}://{connection.headers.get('host', '')}" for scheme in ("http", "https")}
    here.add(platform_of(connection).address.rstrip("/"))
    if connection.scope["type"] == "websocket" and origin and origin not in here:
        raise NotAllowed(T("another site cannot listen here"))
    connection.state.caller = None  # who it was when the stream began is another question
    caller = caller_of(connection)
    caller.require(Permission.EVENTS_READ)
    return caller


class _News:
    """What there is to tell one listener, in its language: events first, then what is under
    way. Long lists are cut: the event itself has them."""

    def __init__(self, connection: HTTPConnection, caller: Caller, last: str, kinds: str) -> None:
        words = [word.strip()[:100] for word in kinds.replace("\0", "").split(",")]
        wanted, platform = [word for word in words if word][:50], platform_of(connection)
        self._words = platform.words(caller.language)
        self._following = events.Following(platform, caller, last, wanted)
        self._underway = Underway(platform, caller, self._following.since, wanted)

    def more(self) -> list[dict[str, Any]]:
        """What is new since the last call."""
        return [self._told(one) for one in (*self._following.more(), *self._underway.more())]

    def _told(self, event: dict[str, Any]) -> dict[str, Any]:
        document = {
            name: value[:_MOST_LISTED] if isinstance(value, list) else value
            for name, value in (event["document"] or {}).items()
        }
        return {**event, "document": spoken(document, self._words)}


def _json(event: dict[str, Any]) -> bytes:
    return msgspec.json.encode(event, enc_hook=str)


def _sse(event: dict[str, Any] | None) -> bytes:
    if event is None:
        return b": still here\n\n"
    kind = " ".join(event["kind"].split()).encode()
    number = b"id: %s\n" % event["id"].encode() if event["id"] else b""
    return b"%sevent: %s\ndata: %s\n\n" % (number, kind, _json(event))

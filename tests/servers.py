"""The API on a real server, one port of its own, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.routing import _IncludedRouter
from starlette.requests import HTTPConnection

from vigie.faces.server.app import create_app
from vigie.faces.server.callers import Authenticate
from vigie.faces.server.streams import listeners_of
from vigie.model.access import (
    ROLE_PERMISSIONS,
    NotSignedIn,
    Permission,
    Principal,
    PrincipalKind,
    Role,
)
from vigie.model.text import T
from vigie.services.platform import Platform
from vigie.stores.relational.ids import new_id

PATIENCE = 30.0
INCLUDED: dict[int, Any] = {}


def person(
    tenant: str,
    role: Role = Role.OWNER,
    *,
    name: str = "Ada",
    permissions: frozenset[Permission] | None = None,
) -> Principal:
    """Somebody of this tenant with what the role may, or with just these permissions."""
    allowed = ROLE_PERMISSIONS[role] if permissions is None else permissions
    return Principal(
        PrincipalKind.USER, new_id(), tenant, role, allowed, session=new_id(), name=name
    )


class Badges:
    """An `authenticate` for tests: each principal gets a word to show, and nobody else is known.

    badges = Badges()
    with serve(platform, badges) as client:
        client.get("/api/v1/findings", headers=badges.of(person(tenant)))
    """

    def __init__(self) -> None:
        self._known: dict[str, Principal] = {}

    def of(self, principal: Principal) -> dict[str, str]:
        """The header by which this principal is known."""
        self._known[principal.id] = principal
        return {"Authorization": f"Bearer {principal.id}"}

    def __call__(self, connection: HTTPConnection, _platform: Platform) -> Principal:
        word = connection.headers.get("authorization", "").removeprefix("Bearer ")
        if word not in self._known:
            raise NotSignedIn(T("nobody can sign in to this server"))
        return self._known[word]


@contextmanager
def serve(platform: Platform, who: Principal | Authenticate) -> Iterator[httpx.Client]:
    """The whole application in a thread; a client of it, whose `base_url` is the address.

    `who` is everybody who calls, or says who that is. The server ends with the block, and what
    it was still answering is cut off.
    """
    authenticate = (lambda _connection, _platform: who) if isinstance(who, Principal) else who
    with listening(platform, authenticate) as address:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        with httpx.Client(
            base_url=address, timeout=PATIENCE, limits=limits, verify=trust()
        ) as client:
            yield client


@cache
def trust() -> ssl.SSLContext:
    """Whom clients trust: reading the machine's certificates anew for each takes its time."""
    return ssl.create_default_context()


def application(platform: Platform, authenticate: Authenticate) -> FastAPI:
    """The whole application of this platform.

    What FastAPI works out of the included routes when they are first asked is the same for each
    application, so the first one's are every one's."""
    app = create_app(platform, authenticate)
    app.router.routes[:] = [
        INCLUDED.setdefault(id(route.original_router), route)
        if isinstance(route, _IncludedRouter)
        else route
        for route in app.router.routes
    ]
    return app


class PromptServer(uvicorn.Server):
    """Ends when it is told to: uvicorn's own looks ten times a second, and sleeps after that."""

    loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Until the end; the header `Date` is renewed each second."""
        self.told = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.told.wait(), 1)

    def end(self) -> None:
        """From another thread."""
        self.should_exit = True
        if self.loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self.loop.call_soon_threadsafe(self.told.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own: what is being answered has its time, and is then cut off."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        end = time.monotonic() + (self.config.timeout_graceful_shutdown or 0)
        state = self.server_state
        while (state.connections or state.tasks) and time.monotonic() < end:
            await asyncio.sleep(0.002)
        for task in state.tasks:
            task.cancel()
        await self.lifespan.shutdown()


@contextmanager
def listening(platform: Platform, authenticate: Authenticate) -> Iterator[str]:
    """The address of the running application."""
    app = application(platform, authenticate)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=1,
    )
    server = PromptServer(config)
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        # It listens already: whoever comes before the thread has begun waits for it.
        thread = threading.Thread(target=server.run, args=([listener],), name="api of a test")
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listeners_of(app).end()
            server.end()
            thread.join(PATIENCE)
            assert not thread.is_alive(), "the server did not end"

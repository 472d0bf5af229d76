"""Who calls, and whether they may: every endpoint declares its permission here or is public.

    @ROUTER.get("/findings")
    def list_findings(caller: Annotated[Caller, needs(Permission.FINDINGS_READ)]) -> …

A test walks every route and fails for one that declares neither.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from vigie.faces.server.limits import spend_of_tenant
from vigie.faces.server.speech import language_of
from vigie.model.access import NotSignedIn, Permission, Principal
from vigie.model.text import T
from vigie.services.platform import Caller, Platform

# Given a connection, says who it is; raises NotSignedIn. Set by `app.create_app`.
Authenticate = Callable[[HTTPConnection, Platform], Principal]


class Guard:
    """A dependency that lets a caller through who has the permission."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, connection: HTTPConnection) -> Caller:
        """The caller. Raises NotSignedIn, NotAllowed, or TooMany for a tenant's limit."""
        if getattr(connection.state, "caller", None) is None:
            return await run_in_threadpool(self.admit, connection)
        # Who calls is known: nothing is left to ask the database, and a thread is not free.
        return self.admit(connection)

    def admit(self, connection: HTTPConnection) -> Caller:
        """The same in a thread, for it asks the database. Raises as above."""
        caller = caller_of(connection)
        spend_of_tenant(connection, caller.tenant, self.permission)
        caller.require(self.permission)
        return caller


class AdmittedFirst(APIRoute):
    """A route whose body is read once the caller is let in: FastAPI reads it before it asks, and
    here it may be half a gigabyte of anybody's."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, behind the route's guards."""
        handle = super().get_route_handler()
        guards = [d.call for d in self.dependant.dependencies if isinstance(d.call, Guard)]

        async def admitted(request: Request) -> Response:
            for guard in guards:
                await run_in_threadpool(guard.admit, request)
            return await handle(request)

        return admitted


class Public:
    """A dependency that says: everybody may ask this, and why."""

    def __init__(self, why: str) -> None:
        self.why = why

    async def __call__(self) -> None:
        """Nothing is asked."""


def needs(permission: Permission) -> Any:
    """For a parameter `caller`: only who has this permission."""
    return Depends(Guard(permission))


def public(why: str) -> Any:
    """For a route's `dependencies`: everybody, because `why`."""
    return Depends(Public(why))


def caller_of(connection: HTTPConnection) -> Caller:
    """Who calls, found out once a request. Raises NotSignedIn."""
    known: Caller | None = getattr(connection.state, "caller", None)
    if known is not None:
        return known
    platform = platform_of(connection)
    authenticate: Authenticate | None = connection.app.state.authenticate
    if authenticate is None:
        raise NotSignedIn(T("nobody can sign in to this server"))
    principal = authenticate(connection, platform)
    caller = Caller(
        principal,
        request_id=getattr(connection.state, "request_id", ""),
        address=address_of(connection),
        language=language_of(connection),
    )
    connection.state.caller = caller
    return caller


def platform_of(connection: HTTPConnection) -> Platform:
    """The platform that this server serves."""
    platform: Platform = connection.app.state.platform
    return platform


def address_of(connection: HTTPConnection) -> str:
    """The address of the other side, as the connection itself (or a trusted proxy) says."""
    return connection.client.host if connection.client else ""


async def _the_platform(connection: HTTPConnection) -> Platform:
    """A coroutine, for FastAPI would take a thread to call a plain function."""
    return platform_of(connection)


ThePlatform = Annotated[Platform, Depends(_the_platform)]

"""Every endpoint, every role and some keys, in their own tenant and in another's: who may do what
is what model/access says, and a new endpoint that says nothing fails here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute
from tests.access_made import Door, headers, opened_door
from tests.store_fixtures import NOW, Store
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from vigie.faces.server.app import PREFIX, routers
from vigie.faces.server.callers import Guard, Public
from vigie.faces.server.openapi import guards_of
from vigie.model.access import ROLE_PERMISSIONS, Permission, Role, scope_permissions
from vigie.services.access import sessions
from vigie.services.access.api_keys import new_key
from vigie.services.access.keys import grantable
from vigie.services.access.sessions import Proof
from vigie.services.access.visits import Visit
from vigie.stores.relational import access
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import API_KEYS
from vigie.wiring.secrets import secrets_of

# Whoever adds one of these says here that everybody may ask it.
PUBLIC = {
    "POST /api/v1/auth/sign-in", "POST /api/v1/auth/second-factor", "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/passkey/options", "POST /api/v1/auth/passkey",
    "POST /api/v1/auth/invitation", "GET /api/v1/auth/sign-on",
    "POST /api/v1/auth/sign-on/{sign_on_id}", "GET /api/v1/auth/sign-on/callback",
    "GET /health", "GET /ready", "GET /.well-known/jwks.json",
}  # fmt: skip
# A WebSocket refuses in its own way, so it asks by itself; the matrix shows that it does.
SOCKETS = {"WS /api/v1/events/live": Permission.EVENTS_READ}
SCOPES = ("ci", "read", "triage", "agent", "siem")
# These end or change the session that they come with.
_OWN = re.compile(r"/(auth|me)(/|$)")


@dataclass(frozen=True)
class Endpoint:
    """One route and the method it is asked with; WS for a WebSocket."""

    method: str
    path: str
    guards: tuple[Guard | Public, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def permission(self) -> Permission | None:
        if self.method == "WS":
            return SOCKETS.get(self.name)
        return next((g.permission for g in self.guards if isinstance(g, Guard)), None)

    @property
    def address(self) -> str:
        """The path with ids in it that nothing has."""
        return re.sub(r"\{[^}]+\}", lambda _: new_id(), self.path)


def endpoints() -> list[Endpoint]:
    found = []
    for name, router in routers():
        prefix = "" if name in ("health", "wellknown") else PREFIX
        for route in router.routes:
            if isinstance(route, APIWebSocketRoute):
                found.append(Endpoint("WS", prefix + route.path, ()))
                continue
            assert isinstance(route, APIRoute), f"{route} cannot declare a permission"
            guards = guards_of(route)
            found += [
                Endpoint(m, prefix + route.path, tuple(guards)) for m in sorted(route.methods or ())
            ]
    return found


def test_every_endpoint_says_who_may_ask() -> None:
    for endpoint in endpoints():
        said = len(endpoint.guards) + (endpoint.name in SOCKETS)
        assert said == 1, f"{endpoint.name} declares {said}"
    assert {e.name for e in endpoints() if e.permission is None} == PUBLIC


def test_an_endpoint_that_says_nothing_is_caught() -> None:
    def unguarded() -> None:
        """Nobody said who may ask."""

    route = APIRoute("/unguarded", unguarded)
    assert guards_of(route) == []


@dataclass
class Matrix:
    """Somebody of each role, some keys, and what was tried."""

    door: Door
    people: dict[Role, str] = field(default_factory=dict)
    tokens: dict[Role, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def token(self, role: Role, endpoint: Endpoint) -> str:
        """An access token of somebody of the role; a fresh one where it may be ended."""
        if _OWN.search(endpoint.path):
            return self._begin(self.door.person(role))
        if role not in self.tokens:
            self.tokens[role] = self._begin(self.door.person(role))
        return self.tokens[role]

    def key(self, scope: str) -> str:
        """A key of our tenant that an owner made."""
        if scope not in self.keys:
            tenant, key_id = self.door.tenant, new_id()
            made = new_key(UUID(tenant), UUID(key_id))
            row = {
                "id": key_id, "name": scope, "hash": made.hash, "hint": made.hint,
                "scopes": [scope], "networks": [], "created_at": NOW,
                "created_by": self.door.person(Role.OWNER),
            }  # fmt: skip
            with self.door.store.database.begin(of_tenant(tenant)) as work:
                work.insert(API_KEYS, [row])
            self.keys[scope] = made.text
        return self.keys[scope]

    def see(self, endpoint: Endpoint, who: str, shown: dict[str, str], expected: set[int]) -> None:
        """Ask, and hold the answer against what is expected; empty means: let through."""
        status = self._status(endpoint, shown)
        self.tried[who.partition(" ")[0]] += 1
        right = status in expected if expected else status not in (401, 403) and status < 500
        if not right:
            self.wrong.append(f"{endpoint.name} by {who}: {status}, not {expected or 'let in'}")

    def _status(self, endpoint: Endpoint, shown: dict[str, str]) -> int:
        address = endpoint.address
        if endpoint.method == "WS":
            url = str(self.door.client.base_url.copy_with(scheme="ws", raw_path=address.encode()))
            try:
                with connect(url, additional_headers=shown, proxy=None):
                    return 101
            except InvalidStatus as refused:
                return refused.response.status_code
        # A stream is hung up on as soon as it has begun.
        with self.door.client.stream(endpoint.method, address, headers=shown) as got:
            return got.status_code

    def _begin(self, user: str) -> str:
        place = self.door.place
        tenant = self.door.tenant
        with place.database.begin(SYSTEM) as work:
            person = access.person(work, user)
            assert person is not None
            proof = Proof(("pwd", "otp"), tenant)
            opened = sessions.begin(work, place, person, proof, Visit("127.0.0.1"))
        return sessions.hand_out(place, opened).access_token


@pytest.fixture
def matrix(store: Store, tmp_path: Path) -> Iterator[Matrix]:
    secrets: Any = secrets_of(tmp_path, {})
    with opened_door(store, tmp_path, secrets=secrets) as door:
        yield Matrix(door)


@pytest.mark.slow
def test_who_may_do_what(matrix: Matrix, capsys: pytest.CaptureFixture[str]) -> None:
    guarded = [e for e in endpoints() if e.permission is not None]
    own, other = matrix.door.tenant, matrix.door.other
    owner_may = grantable(Role.OWNER)
    for endpoint in guarded:
        permission = endpoint.permission
        assert permission is not None
        for role in Role:
            allowed = permission in ROLE_PERMISSIONS[role]
            shown = headers(matrix.token(role, endpoint), own)
            matrix.see(endpoint, f"{role} at home", shown, set() if allowed else {403})
            everywhere = role is Role.SUPER_ADMIN and allowed
            shown = headers(matrix.token(role, endpoint), other)
            matrix.see(endpoint, f"{role} elsewhere", shown, set() if everywhere else {403})
        for scope in SCOPES:
            allowed = permission in scope_permissions([scope]) & owner_may
            shown = headers(matrix.key(scope), own)
            matrix.see(endpoint, f"key:{scope} at home", shown, set() if allowed else {403})
            shown = headers(matrix.key(scope), other)
            matrix.see(endpoint, f"key:{scope} elsewhere", shown, {403})
        matrix.see(endpoint, "nobody", {}, {401})
        matrix.see(endpoint, "nobody made-up", headers("eyJhbGciOiJub25lIn0.e30."), {401})
    total = sum(matrix.tried.values())
    with capsys.disabled():
        print(f"\n{total} tried on {matrix.door.store.dialect}: {len(guarded)} endpoints, "
              f"{dict(matrix.tried)}; {len(matrix.wrong)} wrong")  # fmt: skip
    assert matrix.wrong == []
    assert total == len(guarded) * (len(Role) * 2 + len(SCOPES) * 2 + 2)

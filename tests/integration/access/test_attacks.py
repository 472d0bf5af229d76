"""What an adversary tries over HTTP, who has an account, a token, or a button that calls out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.access_made import PASSWORD, Door, headers, opened_door
from tests.store_fixtures import Store
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from vigie.model.access import Role
from vigie.ports.secrets import SecretValue
from vigie.services.access.security_policy import SecondFactor, SecurityPolicy
from vigie.services.outbound import Outbound
from vigie.services.platform import Plugged
from vigie.stores.relational import access
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import TENANTS
from vigie.wiring.plugs import NOTIFIERS, OUTLETS, REPORTS, SCANNERS, TRACKERS, Plugs
from vigie.wiring.secrets import secrets_of

NEW = "four bitter almonds in a drawer"
STREAMS = ("/events/stream", "/findings/export", "/jobs", "/overview")


def socket_status(door: Door, shown: dict[str, str]) -> int:
    """What a WebSocket handshake is answered."""
    address = str(door.client.base_url).replace("http", "ws", 1).rstrip("/")
    try:
        with connect(f"{address}/api/v1/events/live", additional_headers=shown, proxy=None):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def asked(door: Door, path: str, shown: dict[str, str]) -> int:
    """The status alone: a stream is not read to its end."""
    with door.client.stream("GET", f"/api/v1{path}", headers=shown) as got:
        return got.status_code


def test_no_stream_of_another_tenant_opens(door: Door) -> None:
    ada = door.person(Role.OWNER)
    token = door.session(ada)["access_token"]
    own, other = headers(token), headers(token, door.other)
    assert (socket_status(door, own), socket_status(door, other)) == (101, 403)
    assert {asked(door, path, own) for path in STREAMS} == {200}
    assert {asked(door, path, other) for path in STREAMS} == {403}
    for made_up in ("' OR 1=1 --", "%", "*", "null", door.other[:-1], door.other.upper()):
        assert asked(door, "/findings", headers(token, made_up)) == 403


def test_nothing_is_done_before_a_second_factor_that_is_required(
    store: Store, tmp_path: Path
) -> None:
    policy = SecurityPolicy(second_factor=SecondFactor(frozenset({Role.OWNER})))
    with opened_door(store, tmp_path, policy=policy) as door:
        shown = headers(door.session(door.person(Role.OWNER))["access_token"])
        assert socket_status(door, shown) == 403
        assert {asked(door, path, shown) for path in (*STREAMS, "/users", "/audit")} == {403}
        for path, body in (
            ("/api-keys", {"name": "k", "scopes": ["read"]}),
            ("/users", {"email": "x@example.org", "role": "owner"}),
            ("/scans", {"target": "shop:1"}),
            ("/sign-on", {"name": "x", "issuer": "https://id.example.org", "client_id": "x"}),
        ):
            made = door.client.post(f"/api/v1{path}", json=body, headers=shown)
            assert made.status_code == 403, path
        me = door.client.get("/api/v1/me", headers=shown).json()
        assert me["must"] == ["set-up-second-factor"]


def test_a_code_is_not_taken_once_the_password_has_changed(door: Door) -> None:
    ada = door.with_totp()
    waiting = door.sign_in(ada).json()["second_factor"]["challenge"]
    with door.store.database.begin(SYSTEM) as work:
        access.set_person(work, ada, {"password_hash": "another"})
    body = {"challenge": waiting, "code": door.code()}
    refused = door.client.post("/api/v1/auth/second-factor", json=body)
    assert refused.status_code == 401


def test_tokens_of_a_closed_tenant_are_not_made_anew(door: Door) -> None:
    ada = door.person(Role.OWNER)
    given = door.session(ada)
    key = door.ask("POST", "/api-keys", ada, json={"name": "k", "scopes": ["read"]}).json()["key"]
    with door.store.database.begin(SYSTEM) as work:
        closed = sa.update(TENANTS).where(TENANTS.c.id == door.tenant)
        work.run(closed.values(disabled_at=door.clock.now))
    assert asked(door, "/findings", headers(given["access_token"])) == 403
    assert asked(door, "/findings", headers(key)) == 401
    assert socket_status(door, headers(given["access_token"])) == 403
    body = {"refresh_token": given["refresh_token"]}
    door.clock.move(minutes=20)
    assert door.client.post("/api/v1/auth/refresh", json=body).status_code == 401
    assert door.sign_in(ada).status_code == 401


def test_unknown_and_known_names_are_looked_for_alike(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, because clocks prove nothing."""
    questions: list[str] = []

    def heard(*given: Any) -> None:
        questions.append("look-up" if " FROM " in str(given[2]).replace("\n", " ") else "other")

    engine = door.store.database.engine
    ada = door.email_of(door.person(Role.OWNER))
    counts = []
    sa.event.listen(engine, "before_cursor_execute", heard)
    try:
        for email in (ada, "nobody@example.org"):
            questions.clear()
            body = {"email": email, "password": "wrong"}
            assert door.client.post("/api/v1/auth/sign-in", json=body).status_code == 401
            counts.append(questions.count("look-up"))
    finally:
        sa.event.remove(engine, "before_cursor_execute", heard)
    assert counts[0] == counts[1], counts


class Trap:
    """A port inside; `called` once anybody connected to it."""

    def __init__(self) -> None:
        self.called = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()

    def _wait(self) -> None:
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        self.called.set()
        connection.close()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join(10)


@contextmanager
def trapped() -> Iterator[Trap]:
    trap = Trap()
    try:
        yield trap
    finally:
        trap.close()


def buttons(port: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Channels that would call a port of the server's own machine; secrets by their values."""
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
        yield "webhook", {"url": f"https://{host}:{port}/", "signing_secret": "s" * 32}
        for kind in ("slack", "discord", "teams"):
            yield kind, {"url": f"https://{host}:{port}/"}
        yield "apprise", {"url": f"json://{host}:{port}/"}
    for host in ("127.0.0.1", "localhost"):
        yield "email", {"host": host, "port": str(port), "security": "none",
                        "from": "a@example.org", "to": "b@example.org"}  # fmt: skip
        yield "gitlab", {"url": f"http://{host}:{port}", "project": "a/b", "token": "t"}
        yield "github", {"url": f"http://{host}:{port}", "repository": "a/b", "token": "t"}
        yield "jira-server", {"url": f"http://{host}:{port}", "project": "SEC", "token": "t"}


def pressed(door: Door, number: int, kind: str, settings: dict[str, str]) -> str:
    """What a channel's test button says; "refused" where the channel cannot even be made."""
    plugs, owner, given = door.place.plugs, door.person(Role.OWNER), dict(settings)
    plug = (plugs.notifiers if kind in plugs.notifiers else plugs.trackers)[kind]
    for field in plug.fields:
        if field.secret and field.name in given:
            name = f"s{number}-{field.name.replace('_', '-')}"
            door.place.secrets.put(name, SecretValue(given[field.name]), door.tenant)
            given[field.name] = f"secret://{name}"
    body = {"name": f"c{number}", "kind": kind, "settings": given}
    made = door.ask("POST", "/channels", owner, json=body)
    if made.status_code == 422:
        return "refused"
    went = door.ask("POST", f"/channels/{made.json()['id']}/test", owner)
    assert went.status_code == 200, went.text
    outcome: str = went.json()["outcome"]
    return outcome


@pytest.mark.slow
def test_no_test_button_calls_inside(store: Store, tmp_path: Path) -> None:
    plugs = Plugged(
        Plugs(REPORTS), Plugs(SCANNERS), Plugs(OUTLETS), Plugs(NOTIFIERS), Plugs(TRACKERS)
    )
    given: dict[str, Any] = {"plugs": plugs, "secrets": secrets_of(tmp_path, {})}
    tried = set()
    with trapped() as trap, opened_door(store, tmp_path, **given) as door:
        for number, (kind, settings) in enumerate(buttons(trap.port)):
            outcome = pressed(door, number, kind, settings)
            assert outcome != "done", (kind, settings)
            tried |= {kind} if outcome != "refused" else set()
        assert not trap.called.is_set()
    assert tried >= {"webhook", "apprise", "email", "gitlab", "github", "jira-server"}


def test_the_trap_is_one(store: Store, tmp_path: Path) -> None:
    """Where the operator allows the port, the same button calls it."""
    plugs = Plugged({}, {}, {}, Plugs(NOTIFIERS), Plugs(TRACKERS))
    with trapped() as trap:
        given: dict[str, Any] = {"plugs": plugs, "secrets": secrets_of(tmp_path, {})}
        given["outbound"] = Outbound([f"127.0.0.1:{trap.port}"])
        with opened_door(store, tmp_path, **given) as door:
            pressed(door, 0, *next(buttons(trap.port)))
        assert trap.called.wait(10)


def test_whoever_has_a_password_only_cannot_plant_another_way_in(door: Door) -> None:
    """Somebody came upon an open session: neither the password, nor the second factor, nor a
    passkey can be changed without what the person knows."""
    ada = door.person(Role.OWNER)
    door.bearer(ada)
    for path, body in (
        ("/me/password", {"old": "", "new": NEW}),
        ("/me/second-factor", {"password": ""}),
        ("/me/passkeys/options", {"password": ""}),
    ):
        assert door.ask("POST", path, ada, json=body).status_code in (409, 422), path
    assert door.sign_in(ada, PASSWORD).status_code == 200

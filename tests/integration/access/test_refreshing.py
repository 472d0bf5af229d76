"""Refresh tokens over real HTTP, from two processes at once, on both databases: honest tabs are
never logged out, and a stolen token is found out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from tests.access_made import PASSWORD, Door, headers, new_person
from tests.servers import trust
from tests.store_fixtures import Store

from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import SESSIONS, USERS

ROOT = Path(__file__).resolve().parents[3]
REFRESH = "/api/v1/auth/refresh"


@contextmanager
def process(store: Store, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A server in a process of its own, which says its address when it is there."""
    url = store.database.url.render_as_string(hide_password=False)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.access_server", url, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield server
    finally:
        server.communicate("", timeout=30)


def client_of(server: subprocess.Popen[str]) -> httpx.Client:
    assert server.stdout is not None
    address = server.stdout.readline().strip()
    assert address.startswith("http://"), "the server did not start"
    limits = httpx.Limits(max_connections=60)
    return httpx.Client(base_url=address, timeout=60, limits=limits, verify=trust())


@pytest.fixture
def pair(store: Store, tmp_path: Path) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    with (
        process(store, tmp_path / "one") as first,
        process(store, tmp_path / "other") as second,
        client_of(first) as one,
        client_of(second) as other,
    ):
        yield one, other


def aged(store: Store, session: str, by: timedelta) -> None:
    """As if the session's newest token had been made that much earlier."""
    with store.database.begin(SYSTEM) as work:
        mine = SESSIONS.c.id == session
        family = work.run(sa.select(SESSIONS.c.family).where(mine)).scalar_one()
        made = datetime.fromisoformat(family["made"]) - by
        changed = {**family, "made": made.astimezone(UTC).isoformat()}
        work.run(sa.update(SESSIONS).where(mine).values(family=changed))


def signed_in(store: Store, client: httpx.Client) -> dict[str, str]:
    tenant = store.tenant("Acme")
    user = new_person(store, tenant)
    with store.database.read(SYSTEM) as work:
        email = work.run(sa.select(USERS.c.email).where(USERS.c.id == user)).scalar_one()
    got = client.post("/api/v1/auth/sign-in", json={"email": email, "password": PASSWORD})
    assert got.status_code == 200, got.text
    tokens: dict[str, str] = got.json()
    return tokens


def test_fifty_tabs_at_once_all_go_on(
    pair: tuple[httpx.Client, httpx.Client], store: Store
) -> None:
    one, other = pair
    tokens = signed_in(store, one)
    first, session = tokens["refresh_token"], tokens["session"]
    for _ in range(2):  # twice: the second time with the token that the first gave
        aged(store, session, timedelta(minutes=2))
        clients = [one, other] * 25
        body = {"refresh_token": first}
        with ThreadPoolExecutor(50) as pool:
            got = list(pool.map(lambda c, b=body: c.post(REFRESH, json=b), clients))
        assert {answer.status_code for answer in got} == {200}
        successors = {answer.json()["refresh_token"] for answer in got} - {""}
        assert len(successors) == 1, "all hold one and the same token"
        for client, answer in zip(reversed(clients), got, strict=True):
            shown = headers(answer.json()["access_token"])
            assert client.get("/api/v1/me", headers=shown).status_code == 200
        (first,) = successors
    with store.database.read(SYSTEM) as work:
        row = work.run(sa.select(SESSIONS).where(SESSIONS.c.id == session)).one()
    assert (row.family["generation"], row.revoked_at) == (2, None)


def test_a_stolen_token_ends_the_session_on_every_server(
    pair: tuple[httpx.Client, httpx.Client], store: Store
) -> None:
    one, other = pair
    tokens = signed_in(store, one)
    stolen, session = tokens["refresh_token"], tokens["session"]
    aged(store, session, timedelta(minutes=2))
    mine = one.post(REFRESH, json={"refresh_token": stolen}).json()
    aged(store, session, timedelta(minutes=1))  # the grace is over
    thief = other.post(REFRESH, json={"refresh_token": stolen})
    assert thief.status_code == 401
    for client in pair:
        for access in (tokens["access_token"], mine["access_token"]):
            assert client.get("/api/v1/me", headers=headers(access)).status_code == 401
        again = client.post(REFRESH, json={"refresh_token": mine["refresh_token"]})
        assert again.status_code == 401


def test_a_thief_who_comes_first_is_found_out_by_the_owner(door: Door) -> None:
    tokens = door.session(door.person())
    body = {"refresh_token": tokens["refresh_token"]}
    door.clock.move(minutes=2)
    thief = door.client.post(REFRESH, json=body).json()
    door.clock.move(minutes=2)
    assert door.client.post(REFRESH, json=body).status_code == 401
    stolen = headers(thief["access_token"])
    assert door.client.get("/api/v1/me", headers=stolen).status_code == 401
    assert door.actions()[-1] == "session.replay refused"


def test_a_young_token_is_kept_and_an_answer_that_was_lost_is_repeated(door: Door) -> None:
    tokens = door.session(door.person())
    body = {"refresh_token": tokens["refresh_token"]}
    kept = door.client.post(REFRESH, json=body).json()
    assert kept["refresh_token"] == "" and kept["access_token"]
    door.clock.move(minutes=2)
    first = door.client.post(REFRESH, json=body).json()["refresh_token"]
    door.clock.move(seconds=20)
    assert door.client.post(REFRESH, json=body).json()["refresh_token"] == first


@pytest.mark.parametrize("word", ["", "x", "vigier_", "vigier_" + "0" * 300])
def test_what_is_no_refresh_token_is_refused(door: Door, word: str) -> None:
    assert door.client.post(REFRESH, json={"refresh_token": word}).status_code == 401


def test_a_disabled_person_does_not_go_on(door: Door) -> None:
    ada = door.person()
    tokens = door.session(ada)
    with door.store.database.begin(SYSTEM) as work:
        work.run(sa.update(USERS).where(USERS.c.id == ada).values(disabled_at=door.clock.now))
    assert door.client.get("/api/v1/me", headers=headers(tokens["access_token"])).status_code == 401
    refused = door.client.post(REFRESH, json={"refresh_token": tokens["refresh_token"]})
    assert refused.status_code == 401

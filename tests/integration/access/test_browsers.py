"""Browsers: cookies that no script reads, and requests that other sites' pages cannot make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from tests.access_made import PASSWORD, Door, headers, opened_door
from tests.servers import listening, trust
from tests.store_fixtures import Store
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from vigie.faces.server.authentication import authenticate
from vigie.model.access import Role

SIGN_IN = "/api/v1/auth/sign-in"
LOCAL = "vigie-development-"


def cookies_of(answer: httpx.Response) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in answer.headers.get_list("set-cookie"):
        for name, morsel in SimpleCookie(line).items():
            found[name] = {"value": morsel.value, **{k: str(v) for k, v in morsel.items() if v}}
    return found


@contextmanager
def behind_tls(door: Door) -> Iterator[httpx.Client]:
    """The same platform, reached through a proxy that speaks TLS."""
    place = replace(door.place, address="https://vigie.example.org")
    with (
        listening(place, authenticate) as address,
        httpx.Client(base_url=address, timeout=30, verify=trust()) as client,
    ):
        yield client


def test_over_tls_the_cookies_are_bound_to_this_host(door: Door) -> None:
    body = {"email": door.email_of(door.person()), "password": PASSWORD, "cookies": True}
    with behind_tls(door) as client:
        got = client.post(SIGN_IN, json=body, headers={"Origin": "https://vigie.example.org"})
        assert got.status_code == 200, got.text
        assert got.json()["access_token"] == got.json()["refresh_token"] == ""
        given = cookies_of(got)
        assert set(given) == {f"__Host-vigie-{n}" for n in ("access", "refresh", "csrf", "device")}
        for name, cookie in given.items():
            assert cookie["path"] == "/" and "domain" not in cookie
            assert cookie["samesite"] == "strict" and cookie["secure"]
            assert ("httponly" in cookie) is (name != "__Host-vigie-csrf")
        jar = "; ".join(f"{n}={c['value']}" for n, c in given.items())
        assert client.get("/api/v1/me", headers={"Cookie": jar}).status_code == 200
        local = jar.replace("__Host-vigie-", LOCAL)
        refused = client.get("/api/v1/me", headers={"Cookie": local})
        assert refused.status_code == 401, "the development names are good on loopback alone"


def test_plain_http_beyond_this_machine_signs_no_browser_in(store: Store, tmp_path: Path) -> None:
    with opened_door(store, tmp_path, address="http://vigie.example.org") as door:
        assert door.sign_in(door.person(), cookies=True).status_code == 422


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 403),
        ({"X-CSRF-Token": "0" * 32}, 403),
        ({"X-CSRF-Token": "OTHERS"}, 403),
        ({"X-CSRF-Token": "MINE"}, 200),
        ({"X-CSRF-Token": "MINE", "Origin": "HERE", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"X-CSRF-Token": "MINE", "Origin": "https://evil.example"}, 403),
        ({"X-CSRF-Token": "MINE", "Origin": "null"}, 403),
        ({"X-CSRF-Token": "MINE", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-CSRF-Token": "MINE", "Sec-Fetch-Site": "same-site"}, 403),
    ],
    ids=["none", "made-up", "anothers", "own", "own-page", "origin", "null", "cross", "sister"],
)
def test_a_change_with_cookies_needs_the_sessions_own_token(
    door: Door, sent: dict[str, str], status: int
) -> None:
    others = door.sign_in(door.person(), cookies=True).json()["csrf_token"]
    door.client.cookies.clear()
    mine = door.sign_in(door.person(), cookies=True)
    assert mine.json()["csrf_token"] == door.client.cookies[f"{LOCAL}csrf"] != others
    here = str(door.client.base_url).rstrip("/")
    words = {"MINE": mine.json()["csrf_token"], "OTHERS": others, "HERE": here}
    shown = {name: words.get(value, value) for name, value in sent.items()}
    assert door.client.get("/api/v1/me", headers=shown).status_code == 200, (
        "reading changes nothing"
    )
    changed = door.client.patch("/api/v1/me", json={"name": "Changed"}, headers=shown)
    assert changed.status_code == status
    assert (door.client.get("/api/v1/me").json()["name"] == "Changed") is (status == 200)


def test_other_sites_neither_sign_in_nor_refresh_nor_listen(door: Door) -> None:
    evil = {"Origin": "https://evil.example"}
    ada = door.person(Role.OWNER)
    body = {"email": door.email_of(ada), "password": PASSWORD, "cookies": True}
    assert door.client.post(SIGN_IN, json=body, headers=evil).status_code == 403
    token = door.sign_in(ada, cookies=True).json()["csrf_token"]
    refresh = "/api/v1/auth/refresh"
    assert door.client.post(refresh, json={}).status_code == 403
    assert door.client.post(refresh, json={}, headers={"X-CSRF-Token": token}).status_code == 200
    url = str(door.client.base_url.copy_with(scheme="ws", raw_path=b"/api/v1/events/live"))
    jar = "; ".join(f"{c.name}={c.value}" for c in door.client.cookies.jar)
    here = str(door.client.base_url).rstrip("/")
    for origin, let_in in ((None, False), ("https://evil.example", False), (here, True)):
        shown = {"Cookie": jar, **({"Origin": origin} if origin else {})}
        if let_in:
            with connect(url, additional_headers=shown, proxy=None):
                continue
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(url, additional_headers=shown, proxy=None),
        ):
            pass
        assert refused.value.response.status_code == 403, origin


def test_signing_out_takes_the_cookies_away(door: Door) -> None:
    token = door.sign_in(door.person(), cookies=True).json()["csrf_token"]
    kept = dict(door.client.cookies)
    out = door.client.post("/api/v1/auth/sign-out", headers={"X-CSRF-Token": token})
    assert out.status_code == 204
    gone = {
        name for name, c in cookies_of(out).items() if c.get("max-age") == "0" or not c["value"]
    }
    assert gone == {f"{LOCAL}{n}" for n in ("access", "refresh", "csrf")}
    assert door.client.get("/api/v1/me").status_code == 401
    jar = "; ".join(f"{n}={v}" for n, v in kept.items())
    assert door.client.get("/api/v1/me", headers={"Cookie": jar}).status_code == 401


def test_bearer_tokens_need_no_csrf_token(door: Door) -> None:
    shown = {**headers(door.session(door.person())["access_token"]), "Origin": "https://ci.example"}
    assert door.client.patch("/api/v1/me", json={"name": "X"}, headers=shown).status_code == 200

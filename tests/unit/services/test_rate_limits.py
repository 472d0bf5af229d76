"""Buckets of tenants and addresses, and what the operator sets them to."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.access_made import opened_door
from tests.platforms import platform
from tests.store_fixtures import Store

from vigie.faces.server.start import serving_of
from vigie.model.access import Permission, Role
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.services.failures import TooMany
from vigie.services.rate_limits import (
    DEFAULTS,
    Kind,
    Rate,
    kind_of,
    rates_of,
    spend,
    spend_of_address,
)
from vigie.stores.relational.database import Database
from vigie.wiring.platform_settings import platform_settings

SLOW = Rate(3, 0.001)


def test_a_bucket_is_one_tenants_and_one_kinds(tmp_path: Path) -> None:
    place = platform(Database("sqlite://"), tmp_path)
    for _ in range(3):
        spend(place, Kind.READ, "a", SLOW)
    with pytest.raises(TooMany) as refused:
        spend(place, Kind.READ, "a", SLOW)
    assert refused.value.after > 1
    spend(place, Kind.READ, "b", SLOW)
    spend(place, Kind.WRITE, "a", SLOW)


def test_a_whole_network_of_one_customer_counts_as_one_address(tmp_path: Path) -> None:
    place = platform(Database("sqlite://"), tmp_path)
    for host in range(3):
        spend_of_address(place, Kind.SIGN_IN, f"2001:db8::{host}", SLOW)
    with pytest.raises(TooMany):
        spend_of_address(place, Kind.SIGN_IN, "2001:db8::ffff", SLOW)
    spend_of_address(place, Kind.SIGN_IN, "2001:db8:0:1::1", SLOW)


def test_a_cache_that_is_gone_refuses_nobody(tmp_path: Path) -> None:
    class Gone:
        def take_token(self, *_: Any, **__: Any) -> float:
            raise SourceError(T("it does not answer"), retryable=True)

    place = platform(Database("sqlite://"), tmp_path, cache=Gone())
    spend(place, Kind.READ, "a", SLOW)


def test_each_request_has_its_kind() -> None:
    assert kind_of("GET", Permission.IMPORTS_READ) is Kind.READ
    assert kind_of("PATCH", Permission.FINDINGS_TRIAGE) is Kind.WRITE
    assert kind_of("POST", Permission.SCANS_WRITE) is Kind.HEAVY


def test_the_operator_sets_some_and_the_others_stay() -> None:
    rates = rates_of("read=30, heavy=10")
    assert rates[Kind.READ] == Rate(300, 30.0)
    assert rates[Kind.HEAVY] == Rate(600, 10.0)
    assert rates[Kind.WRITE] == DEFAULTS[Kind.WRITE]
    for wrong in ("read", "read=x", "nope=1", "read=0", "read=-1", "read=nan", "read=inf"):
        with pytest.raises(UserError):
            rates_of(wrong)


def test_answers_say_what_the_limit_is(store: Store, tmp_path: Path) -> None:
    with opened_door(store, tmp_path) as door:
        owner = door.person(Role.OWNER)
        fine = door.ask("GET", "/policies", owner)
        assert fine.headers["ratelimit-policy"] == '"read";q=3000;w=10'
        for _ in range(70):
            got = door.client.post("/api/v1/auth/sign-in", json={"email": "", "password": ""})
        assert got.status_code == 429
        assert got.headers["ratelimit-policy"].startswith('"sign-in";q=60')
        assert got.headers["ratelimit-remaining"] == "0"
        assert int(got.headers["retry-after"]) >= 1
        other = door.ask("GET", "/policies", owner)
        assert other.status_code == 200, "who is signed in already goes on"


def test_the_server_holds_to_what_the_operator_set(tmp_path: Path) -> None:
    place = platform(Database("sqlite://"), tmp_path)
    typed = {"data": str(tmp_path), "rate_limits": "sign-in=0.02"}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = serving_of(place, platform_settings({}, **typed), listener)
        server.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
                asked = [client.get("/api/v1/auth/sign-on") for _ in range(2)]
        finally:
            server.stop()
    assert asked[0].headers["ratelimit-policy"] == '"sign-in";q=1;w=50'
    assert asked[1].status_code == 429
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(UserError):
        serving_of(place, platform_settings({}, data=str(tmp_path), rate_limits="x"), listener)

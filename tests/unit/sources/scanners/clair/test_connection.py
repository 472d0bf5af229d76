"""Doors that are shut, other doors, and answers without end."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from tests.clair_server import Answer, ClairServer, clair_server

from vigie.model.errors import SourceError, UserError
from vigie.sources.scanners.clair.connection import ClairService, Connection

STATE = "/indexer/api/v1/index_state"


@pytest.fixture
def clair() -> Iterator[ClairServer]:
    with clair_server(key=b"") as server:
        yield server


def ask(address: str, *, key: bytes = b"k", **bounds: Any) -> bytes:
    connection = Connection(ClairService(address, address, key, "us"))
    try:
        return connection.ask("GET", address, STATE, **bounds).body
    finally:
        connection.close()


@pytest.mark.parametrize("status", [401, 403])
def test_a_shut_door_names_what_to_compare(clair: ClairServer, status: int) -> None:
    clair.instead[STATE] = Answer(status)
    with pytest.raises(UserError, match=f"HTTP {status}") as caught:
        ask(clair.address)
    assert "issuer (us)" in str(caught.value.hint)
    with pytest.raises(UserError) as caught:
        ask(clair.address, key=b"")
    assert "wants a key" in str(caught.value.hint)


def test_clocks_that_are_apart_are_the_first_thing_to_look_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, headers={"Date": formatdate(time.time() + 900)})

    connection = Connection(ClairService("https://c.example", "https://c.example", b"k"))
    connection.close()
    connection._http["https://c.example"] = httpx.Client(transport=httpx.MockTransport(answer))
    with pytest.raises(UserError) as caught:
        connection.ask("GET", "https://c.example", STATE)
    assert "s apart" in str(caught.value.hint)
    assert 890 <= int(str(caught.value.hint.params["seconds"])) <= 910
    connection.close()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed_so_none_can_go_round(clair: ClairServer, status: int) -> None:
    clair.instead[STATE] = Answer(status, headers={"Location": STATE})
    with pytest.raises(UserError, match="sends us on to /indexer"):
        ask(clair.address)
    assert len(clair.asked) == 1


def test_an_answer_without_end_is_cut_off(clair: ClairServer) -> None:
    clair.instead[STATE] = Answer(200, b"x" * 3_000_000)
    with pytest.raises(SourceError, match="more than 2 MiB"):
        ask(clair.address, most=2 * 1024**2)
    assert len(ask(clair.address, most=3_000_000)) == 3_000_000


def test_nothing_there_is_said() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with pytest.raises(SourceError, match="does not answer") as caught:
        ask(address)
    assert caught.value.retryable


def test_silence_has_an_end() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(SourceError, match="in time"),
    ):
        ask(f"http://127.0.0.1:{silent.getsockname()[1]}", read=0.2)


def test_a_compressed_answer_counts_as_what_it_unpacks_to(clair: ClairServer) -> None:
    packed = gzip.compress(b"0" * 10_000_000)
    clair.instead[STATE] = Answer(200, packed, {"Content-Encoding": "gzip"})
    with pytest.raises(SourceError, match="more than 1 MiB"):
        ask(clair.address, most=1024**2)


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(ClairService("a", "b", b"secret"))

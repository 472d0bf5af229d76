"""A service that is down is not one without flaws."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from vigie.model.errors import SourceError
from vigie.sources.scanners.endpoint import expect_answer, is_loopback


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_service_that_answers_is_fine(port: int) -> None:
    expect_answer(f"http://127.0.0.1:{port}/shop")


def test_nothing_behind_the_port_and_no_such_host(port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        free = gone.getsockname()[1]
    with pytest.raises(SourceError, match="nothing answers"):
        expect_answer(f"http://127.0.0.1:{free}/")
    with pytest.raises(SourceError, match="nothing answers"):
        expect_answer("https://nowhere.invalid/", timeout=5)


def test_behind_a_proxy_only_that_could_tell(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    expect_answer("http://nowhere.invalid/")
    with socket.create_server(("127.0.0.1", 0)) as gone:
        free = gone.getsockname()[1]
    with pytest.raises(SourceError):
        expect_answer(f"http://127.0.0.1:{free}/")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:6060", True),
        ("https://127.8.9.1/x", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example", False),
        ("http://127.0.0.1.example", False),
        ("http://127.0.0.1@clair.example", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_what_is_on_this_machine(url: str, here: bool) -> None:
    assert is_loopback(url) is here

"""What an encrypted registry may not talk us into; the rest is tested against real servers."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from vigie.model.errors import SourceError
from vigie.sources.filesystems.registry.client import RegistryClient
from vigie.sources.filesystems.registry.credentials import Credentials
from vigie.sources.filesystems.registry.references import parse_reference

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def client(answer: Answer, name: str = "r.example/app:1", *, plain: bool = False) -> RegistryClient:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return RegistryClient(parse_reference(name), Credentials("u", "p"), plain_http=plain, http=http)


def fetch(made: RegistryClient) -> bytes:
    def read() -> bytes:
        with made.get("manifests/1", {}) as response:
            return response.read()

    try:
        return made.attempt(read)
    finally:
        made.close()


def test_it_leads_to_no_address_without_encryption() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"location": "http://r.example/plain"})

    with pytest.raises(SourceError, match="without encryption"):
        fetch(client(answer))
    assert asked == ["https://r.example/v2/app/manifests/1"]


def test_no_password_goes_to_a_token_server_without_encryption() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        header = {"www-authenticate": 'Bearer realm="http://t.example/token"'}
        return httpx.Response(401, headers=header)

    with pytest.raises(SourceError, match="no encrypted address"):
        fetch(client(answer))
    assert asked == ["https://r.example/v2/app/manifests/1"]


def test_the_token_is_not_sent_to_where_a_redirect_leads() -> None:
    sent: dict[str, str | None] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        sent[str(request.url)] = request.headers.get("authorization")
        if request.url.host == "t.example":
            return httpx.Response(200, json={"token": "secret"})
        if request.url.host == "store.example":
            return httpx.Response(200, content=b"data")
        if not request.headers.get("authorization"):
            header = {"www-authenticate": 'Bearer realm="https://t.example/"'}
            return httpx.Response(401, headers=header)
        return httpx.Response(307, headers={"location": "https://store.example/x?signature=1"})

    assert fetch(client(answer)) == b"data"
    assert sent["https://r.example/v2/app/manifests/1"] == "Bearer secret"
    assert sent["https://store.example/x?signature=1"] is None
    assert sent["https://t.example/?scope=repository%3Aapp%3Apull"] == "Basic dTpw"


@pytest.mark.parametrize("challenge", ['Bearer realm="https://evil.example/t"', "Basic"])
@pytest.mark.parametrize("place", ["evil.example", "r.example:8443", "r.example.evil.example"])
def test_where_a_redirect_leads_nobody_may_ask_who_we_are(challenge: str, place: str) -> None:
    asked: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), request.headers.get("authorization")))
        if request.url.netloc == b"r.example":
            return httpx.Response(307, headers={"location": f"https://{place}/x"})
        return httpx.Response(401, headers={"www-authenticate": challenge})

    with pytest.raises(SourceError, match="does not let us have"):
        fetch(client(answer))
    assert asked == [
        ("https://r.example/v2/app/manifests/1", None),
        (f"https://{place}/x", None),
    ]


@pytest.mark.parametrize("target", ["http://[", "//["])
def test_it_leads_to_no_address_that_is_none(target: str) -> None:
    with pytest.raises(SourceError, match="an address that is none"):
        fetch(client(lambda _request: httpx.Response(302, headers={"location": target})))


def test_another_registry_is_never_asked_without_encryption_unless_told_to() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.scheme)
        if request.url.scheme == "https":
            raise httpx.ConnectError("refused")
        return httpx.Response(200)

    with pytest.raises(SourceError, match="does not answer"):
        client(answer).greet()
    assert set(asked) == {"https"}
    asked.clear()
    client(answer, plain=True).greet()
    assert asked == ["https", "http"]
    asked.clear()
    client(answer, "localhost:5000/app").greet()
    assert asked == ["https", "http"]


def test_a_local_registry_with_encryption_is_asked_with_it() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.scheme)
        return httpx.Response(401)

    client(answer, "localhost:5000/app").greet()
    assert asked == ["https"]


def test_a_broken_connection_is_tried_again() -> None:
    count = iter(range(10))

    def answer(_request: httpx.Request) -> httpx.Response:
        if next(count) < 3:
            raise httpx.ReadError("cut")
        return httpx.Response(200, content=b"data")

    assert fetch(client(answer)) == b"data"


@pytest.mark.parametrize("status", [400, 405, 418, 501])
def test_an_answer_that_makes_no_sense_is_told_at_once(status: int) -> None:
    count = []

    def answer(_request: httpx.Request) -> httpx.Response:
        count.append(1)
        return httpx.Response(status)

    with pytest.raises(SourceError, match=f"HTTP status {status}") as caught:
        fetch(client(answer))
    assert len(count) == 1
    assert not caught.value.retryable

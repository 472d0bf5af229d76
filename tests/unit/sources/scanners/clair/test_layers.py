"""Layers are served whole or in part, to who knows the way, and only for a while."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator

import httpx
import pytest

from vigie.model.errors import UserError
from vigie.sources.scanners.clair.layers import Blob, LayerServer, Place, parse_place, serving

DATA = bytes(range(256)) * 10_000
TYPE = "application/vnd.oci.image.layer.v1.tar"
DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def server() -> Iterator[LayerServer]:
    with serving([Blob(DIGEST, TYPE, len(DATA), lambda: io.BytesIO(DATA))], Place()) as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as made:
        yield made


def test_a_layer_comes_whole(server: LayerServer, client: httpx.Client) -> None:
    got = client.get(server.url(DIGEST))
    assert (got.status_code, got.content) == (200, DATA)
    assert got.headers["content-type"] == TYPE
    assert got.headers["content-length"] == str(len(DATA))
    head = client.head(server.url(DIGEST))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(DATA))
    assert server.asked == 2


def test_a_head_has_no_body(server: LayerServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_address[1]), 5) as line:
        path = server.url(DIGEST).removeprefix(server.address)
        line.sendall(f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        with line.makefile("rb") as stream:
            said = stream.read()
    assert said.startswith(b"HTTP/1.1 200") and said.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("said", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=2000000-", 2_000_000, len(DATA)),
        ("bytes=2000000-99999999", 2_000_000, len(DATA)),
        ("bytes=-7", len(DATA) - 7, len(DATA)),
    ],
)
def test_a_part_comes(
    server: LayerServer, client: httpx.Client, said: str, first: int, end: int
) -> None:
    got = client.get(server.url(DIGEST), headers={"Range": said})
    assert (got.status_code, got.content) == (206, DATA[first:end])
    assert got.headers["content-range"] == f"bytes {first}-{end - 1}/{len(DATA)}"


@pytest.mark.parametrize("said", ["bytes=9-5", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "x"])
def test_what_is_no_range_is_the_whole(
    server: LayerServer, client: httpx.Client, said: str
) -> None:
    got = client.get(server.url(DIGEST), headers={"Range": said})
    assert (got.status_code, got.content) == (200, DATA)


@pytest.mark.parametrize("said", [f"bytes={len(DATA)}-", "bytes=-0"])
def test_a_range_beyond_the_end_is_said(
    server: LayerServer, client: httpx.Client, said: str
) -> None:
    got = client.get(server.url(DIGEST), headers={"Range": said})
    assert got.status_code == 416
    assert got.headers["content-range"] == f"bytes */{len(DATA)}"


def test_nobody_else_gets_anything(server: LayerServer, client: httpx.Client) -> None:
    other = "sha256:" + "b" * 64
    for path in ("/", f"/{DIGEST}", f"/guess/{DIGEST}", f"/{server.secret}", f"/{server.secret}/",
                 f"/{server.secret}/{other}", f"/{server.secret}x/{DIGEST}", "/%C3%A9/x",
                 f"/{server.secret}/../{DIGEST}"):  # fmt: skip
        assert client.get(server.address + path).status_code == 404, path
    assert client.post(server.url(DIGEST)).status_code == 501
    assert server.asked == 0


def test_each_scan_has_a_way_of_its_own(server: LayerServer) -> None:
    with serving([], Place()) as another:
        assert another.secret != server.secret
        assert len(another.secret) > 40


def test_it_is_gone_afterwards() -> None:
    with serving([], Place()) as server:
        address = ("127.0.0.1", int(server.server_address[1]))
        socket.create_connection(address, 5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, 5)


def test_it_ends_although_somebody_is_still_connected() -> None:
    with serving([], Place()) as server:
        idle = socket.create_connection(("127.0.0.1", server.server_address[1]), 5)
    idle.close()


def test_a_layer_that_ends_early_is_not_taken_for_whole(client: httpx.Client) -> None:
    short = Blob(DIGEST, TYPE, len(DATA), lambda: io.BytesIO(DATA[:1000]))
    with serving([short], Place()) as server, pytest.raises(httpx.RemoteProtocolError):
        client.get(server.url(DIGEST))


def test_the_address_may_be_another_than_where_it_listens() -> None:
    with serving([], Place("127.0.0.1", 0, "http://build.example:8089/")) as server:
        assert server.url(DIGEST) == f"http://build.example:8089/{server.secret}/{DIGEST}"


def test_a_port_that_is_taken_is_said() -> None:
    with serving([], Place()) as server:
        port = server.server_address[1]
        with pytest.raises(UserError, match=f"cannot be served at 127.0.0.1:{port}"), \
                serving([], Place(port=port)):  # fmt: skip
            pass


@pytest.mark.parametrize(
    ("serve", "reach", "place"),
    [
        ("", "", None),
        ("10.0.0.7", "", Place("10.0.0.7")),
        ("10.0.0.7:8089", "", Place("10.0.0.7", 8089)),
        (":8089", "http://h:1", Place("0.0.0.0", 8089, "http://h:1")),
        ("[::1]:8089", "", Place("::1", 8089)),
        ("", "http://h:1", Place("127.0.0.1", 0, "http://h:1")),
    ],
)
def test_places_are_read(serve: str, reach: str, place: Place | None) -> None:
    assert parse_place(serve, reach) == place


@pytest.mark.parametrize("serve", ["http://h:1", "h:", "h:99999", "h:x", "::1", "h p:1", "h/x"])
def test_what_is_no_place_is_refused(serve: str) -> None:
    with pytest.raises(UserError, match="no place"):
        parse_place(serve, "")

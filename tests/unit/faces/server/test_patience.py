"""Connections that are slow on purpose, over real sockets: they end, and others are answered."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from vigie.faces.server.patience import Patience
from vigie.faces.server.serving import Serving, listen

APP = FastAPI()
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
QUICK = Patience(head_seconds=0.2, stalled_seconds=0.2)
PATIENCE = 60.0  # until a test gives up; nothing is measured


@APP.get("/")
def hello() -> str:
    return "hello"


@APP.post("/")
async def echo(request: Request) -> int:
    return len(await request.body())


@APP.get("/endless")
def endless() -> StreamingResponse:
    return StreamingResponse(iter(lambda: b"x" * 65536, b""))


@contextmanager
def served(patience: Patience = QUICK) -> Iterator[int]:
    listener = listen("127.0.0.1", 0)
    serving = Serving(APP, listener, patience=patience)
    serving.start()
    try:
        yield listener.getsockname()[1]
    finally:
        serving.stop()


@contextmanager
def caller(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as opened:
        yield opened


def heard(opened: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    said = b""
    while part := opened.recv(65536):
        said += part
    return said


def trickled(opened: socket.socket, part: bytes) -> bytes:
    """Send that again and again, until the server ends the connection; what it said."""
    said = b""
    opened.settimeout(0.05)
    for _ in range(int(PATIENCE / 0.05)):
        try:
            opened.sendall(part)
            got = opened.recv(65536)
            if not got:
                return said
            said += got
        except TimeoutError:
            continue
        except (ConnectionResetError, BrokenPipeError):
            return said
    raise AssertionError("the server waits for ever")


def promptly(port: int) -> httpx.Response:
    """What is said to a caller who asks at once; again, where this machine slept in between."""
    for _ in range(50):
        answer = httpx.get(f"http://127.0.0.1:{port}/")
        if answer.status_code != 408:
            break
    return answer


@pytest.mark.parametrize("begun", [b"", b"G", HEAD, HEAD + b"X-A: "])
def test_a_head_that_does_not_come_is_not_waited_for(begun: bytes) -> None:
    with served() as port, caller(port) as slow:
        slow.sendall(begun)
        assert heard(slow).startswith(b"HTTP/1.1 408 ")
        assert promptly(port).json() == "hello"


def test_a_head_that_comes_byte_by_byte_is_not_waited_for() -> None:
    with served() as port, caller(port) as slow:
        slow.sendall(HEAD)
        trickled(slow, b"X-A: b\r\n")


def test_the_second_head_of_a_connection_is_not_waited_for_either() -> None:
    with served() as port:
        for _ in range(50):
            with caller(port) as slow:
                slow.sendall(HEAD + b"\r\n")
                said = slow.recv(65536)
                if said.startswith(b"HTTP/1.1 408 "):
                    continue  # this machine slept before it sent even the first
                assert said.startswith(b"HTTP/1.1 200 ")
                trickled(slow, b"X")
                return
    pytest.fail("nothing is ever asked in time")


def test_a_head_is_not_listened_to_for_ever() -> None:
    with served(Patience(head_bytes=1024)) as port, caller(port) as long:
        long.sendall(HEAD)
        said = trickled(long, b"X-A: " + b"b" * 512 + b"\r\n")
        assert said.startswith(b"HTTP/1.1 431 ") or not said


def test_what_follows_a_body_is_not_listened_to_for_ever() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    with served(Patience(head_bytes=1024)) as port, caller(port) as long:
        long.sendall(head)
        trickled(long, b"X-A: " + b"b" * 512 + b"\r\n")


def test_bodies_of_any_size_and_in_small_pieces_are_taken() -> None:
    with served(Patience(head_bytes=1024, head_seconds=2.0)) as port:
        url = f"http://127.0.0.1:{port}/"
        with httpx.Client() as client:
            assert client.post(url, content=b"x" * 3_000_000).json() == 3_000_000
            assert client.post(url, content=(b"x" for _ in range(5000))).json() == 5000
            assert client.get(url).json() == "hello"


def test_whoever_takes_nothing_of_an_answer_is_cut_off() -> None:
    with served() as port, caller(port) as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        poll = select.poll()
        poll.register(lazy, select.POLLHUP | select.POLLERR)
        assert poll.poll(PATIENCE * 1000), "the server goes on offering it"


def test_beyond_so_many_connections_it_says_so() -> None:
    with served(Patience(connections=3)) as port, caller(port), caller(port), caller(port) as third:
        third.sendall(HEAD + b"Connection: close\r\n\r\n")
        assert heard(third).startswith(b"HTTP/1.1 503 ")

"""What every stand-in has in common: it listens, keeps what it was asked, and can go wrong."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LARGEST = 4_000_000


@dataclass(frozen=True)
class Call:
    """One request: `path` without what follows the question mark and still quoted."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """How the next calls go wrong: those of this method (or, with "", any) whose path ends so.

    `lose` does what was asked and hangs up without a word; `hang` never answers; `answer` is
    given instead. `times` 0 is for ever.
    """

    method: str = ""
    ends: str = ""
    lose: bool = False
    hang: bool = False
    answer: Answer | None = None
    times: int = 1


class TrackerServer:
    """One ticket system. `settings` and `token` are what a channel of it needs; `makes` is how
    the path ends to which a new ticket is posted."""

    makes: str
    token = "stand-in-token"
    settings: dict[str, str]
    faults: list[Fault]

    def __init__(self) -> None:
        self.address = ""
        self.settings = {}
        self.faults = []
        self.calls: list[Call] = []
        self.over = threading.Event()
        self.lock = threading.Lock()

    def answer(self, call: Call) -> Answer:
        raise NotImplementedError

    def texts(self) -> list[str]:
        """Everything that people would read in it: titles, bodies, comments."""
        raise NotImplementedError

    def tickets(self) -> list[dict[str, Any]]:
        """Every ticket that is there, in the system's own shape."""
        raise NotImplementedError

    def remove(self, ticket: str) -> None:
        """Somebody deletes it."""
        raise NotImplementedError

    def hide(self) -> None:
        """The place of the tickets is no longer shown to this token."""
        raise NotImplementedError

    def fault_of(self, call: Call) -> Fault | None:
        for fault in self.faults:
            if fault.method in ("", call.method) and call.path.endswith(fault.ends):
                fault.times -= 1
                if fault.times == 0:
                    self.faults.remove(fault)
                return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    tracker: TrackerServer

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        size = int(self.headers.get("Content-Length", "0"))
        raw = self.rfile.read(min(size, LARGEST))
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            return self._send(Answer(400, {"message": "Problems parsing JSON"}))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if raw and headers.get("content-type", "").split(";")[0] != "application/json":
            return self._send(Answer(415, {"message": "Unsupported Media Type"}))
        query = dict(
            parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        )
        call = Call(self.command, parts.path, query, headers, body)
        with self.tracker.lock:
            self.tracker.calls.append(call)
            fault = self.tracker.fault_of(call)
            wrong = fault.answer if fault else None
            given = wrong or (None if fault and fault.hang else self.tracker.answer(call))
        if fault and fault.hang:
            self.tracker.over.wait()
        if fault and (fault.hang or fault.lose):
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return None
        assert given is not None
        return self._send(given)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the library's

    def _send(self, answer: Answer) -> None:
        raw = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        raw = b"" if answer.body is None else raw
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Those who ask may hang up; that is no news."""


@contextlib.contextmanager
def serving(tracker: TrackerServer, port: int = 0) -> Iterator[None]:
    handler = type("Handler", (_Handler,), {"tracker": tracker})
    server = _Server(("127.0.0.1", port), handler)
    tracker.address = f"http://127.0.0.1:{server.server_address[1]}"
    tracker.settings["url"] = tracker.address
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        tracker.over.set()
        server.shutdown()
        thread.join()
        server.server_close()

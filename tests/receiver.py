"""A web server on this machine that receives messages, and answers or misbehaves as told."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request as it came. Names of headers are in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`status`, `headers` and `body` are the answer. `manner` "hang" answers nothing, "drip" sends
    a header that never ends: both until the receiver is stopped. `requests` is all that came."""

    port: int
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    manner: str = ""
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def receiver() -> Iterator[Receiver]:
    """A running receiver, stopped at the end."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    stand = Receiver(httpd.server_address[1])
    httpd.stand = stand  # type: ignore[attr-defined]
    httpd.daemon_threads = False  # waited for: nothing of a test outlives it
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stand
    finally:
        stand.over.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""

    def do_POST(self) -> None:
        stand: Receiver = self.server.stand  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        stand.requests.append(Request(self.path, headers, body))
        self.close_connection = True
        if stand.manner == "hang":
            stand.over.wait()
            return
        if stand.manner == "drip":
            self._drip(stand)
            return
        self.send_response(stand.status)
        for name, value in stand.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(stand.body)))
        self.end_headers()
        self.wfile.write(stand.body)

    def _drip(self, stand: Receiver) -> None:
        """A byte now and then, so that no time-out of a single read is ever reached."""
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stand.over.wait(0.02):
                self.wfile.write(b"a")
                self.wfile.flush()

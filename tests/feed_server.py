"""A web server on this machine that hands out feeds, and misbehaves when told to."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Served:
    """One file. `cut` ends each answer after so many bytes; `tag` "" sends no entity tag;
    `pause` is slept before each piece; `ranges` False ignores Range; `status` answers nothing
    else; `chunked` leaves the length out; a range has `most_of_range` bytes at most; `headers` are
    added."""

    data: bytes = b""
    tag: str = "auto"
    cut: int = 0
    pause: float = 0.0
    piece: int = 65536
    ranges: bool = True
    status: int = 0
    failures: int = 0
    chunked: bool = False
    most_of_range: int = 0
    modified: str = "Fri, 09 Jan 2026 00:00:00 GMT"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        if self.tag != "auto":
            return self.tag
        return f'"{hashlib.sha256(self.data).hexdigest()[:16]}"'


@dataclass
class FeedServer:
    """`files` by path; `asked` is every request, with its headers."""

    address: str
    files: dict[str, Served] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0

    def requests(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers in self.asked if asked == path]


@contextlib.contextmanager
def feed_server() -> Iterator[FeedServer]:
    """A running server, stopped at the end."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    server = FeedServer(f"http://127.0.0.1:{httpd.server_address[1]}")
    httpd.feeds = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        feeds: FeedServer = self.server.feeds  # type: ignore[attr-defined]
        feeds.asked.append((self.path, dict(self.headers)))
        served = feeds.files.get(self.path)
        if served is None:
            return self._plain(404)
        if served.failures:
            served.failures -= 1
            return self._plain(503)
        if served.status:
            return self._plain(served.status, served.headers)
        if self._is_known(served):
            return self._plain(304, {"ETag": served.etag})
        with contextlib.suppress(OSError):  # the client may leave
            self._send(served, feeds)
        return None

    def _plain(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_known(self, served: Served) -> bool:
        if served.etag:
            return self.headers.get("If-None-Match") == served.etag
        return self.headers.get("If-Modified-Since") == served.modified

    def _send(self, served: Served, feeds: FeedServer) -> None:
        start, data = 0, served.data
        asked = self.headers.get("Range", "")
        fits = self.headers.get("If-Range", served.etag) in (served.etag, served.modified)
        if asked and served.ranges and fits:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(data):
                return self._plain(416)
            whole = len(data)
            data = data[: start + served.most_of_range] if served.most_of_range else data
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{whole}")
        else:
            self.send_response(200)
        if served.etag:
            self.send_header("ETag", served.etag)
        if served.modified:
            self.send_header("Last-Modified", served.modified)
        for name, value in served.headers.items():
            self.send_header(name, value)
        if served.chunked:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        end = min(len(data), start + served.cut) if served.cut else len(data)
        for place in range(start, end, served.piece):
            time.sleep(served.pause)
            self.wfile.write(data[place : min(place + served.piece, end)])
            feeds.sent += min(served.piece, end - place)
        if served.chunked or end < len(data):
            self.close_connection = True
        return None

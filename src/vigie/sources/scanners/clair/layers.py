"""Serves the layers of an image to Clair, for as long as a scan takes and to nobody else."""

from __future__ import annotations

import hmac
import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO

from vigie.model.errors import UserError
from vigie.model.text import T

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
_PLACE = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^\s:/\[\]]*)(?::(?P<port>\d{1,5}))?\Z")
_CHUNK = 1024**2
_PATIENCE = 60.0  # seconds that one who asks may be silent
_MOST_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Blob:
    """A layer as it is stored. `size` in bytes, `open` gives a stream that can be sought in."""

    digest: str
    media_type: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen (`port` 0: a free one), and at which address Clair finds us there.

    `reach` is "http://host:port", "" when it is the same.
    """

    host: str = "127.0.0.1"
    port: int = 0
    reach: str = ""


def parse_place(serve: str, reach: str) -> Place | None:
    """ "HOST", "HOST:PORT" or ":PORT", and "http://HOST:PORT"; None when neither is said.

    Raises UserError for anything else.
    """
    if not serve and not reach:
        return None
    found = _PLACE.match(serve)
    if not found or int(found["port"] or 0) > 65535:
        raise UserError(
            T("{place} is no place to serve layers at", place=serve),
            T("Write serve of [scanner.clair] as HOST:PORT."),
        )
    host = (found["host"] or "").strip("[]")
    return Place(host or ("0.0.0.0" if serve else "127.0.0.1"), int(found["port"] or 0), reach)  # noqa: S104


class LayerServer(ThreadingHTTPServer):
    """The server, listening. `asked` counts requests that knew the way."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, blobs: Sequence[Blob], place: Place) -> None:
        self.blobs = {blob.digest: blob for blob in blobs}
        self.secret = secrets.token_urlsafe(32)
        self.asked = 0
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)
        if ":" in place.host:
            self.address_family = socket.AF_INET6
        super().__init__((place.host, place.port), _Handler)
        host = f"[{place.host}]" if ":" in place.host else place.host
        self.address = (place.reach or f"http://{host}:{self.server_address[1]}").rstrip("/")

    def url(self, digest: str) -> str:
        """Where a layer is had."""
        return f"{self.address}/{self.secret}/{digest}"

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One who went away in the middle is no concern of ours; Clair tells what it lacks."""


@contextmanager
def serving(blobs: Sequence[Blob], place: Place) -> Iterator[LayerServer]:
    """A server of these layers, gone at the end. Raises UserError when it cannot listen."""
    try:
        server = LayerServer(blobs, place)
    except OSError as error:
        raise UserError(
            T(
                "layers cannot be served at {host}:{port}: {why}",
                host=place.host,
                port=place.port,
                why=error.strerror or str(error),
            ),
            T("Give an address of this machine in serve of [scanner.clair]."),
        ) from None
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "vigie"
    sys_version = ""
    timeout = _PATIENCE
    server: LayerServer

    def do_GET(self) -> None:
        self._answer(content=True)

    def do_HEAD(self) -> None:
        self._answer(content=False)

    def _answer(self, *, content: bool) -> None:
        blob = self._blob()
        if blob is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.server.asked += 1
        span = _span(self.headers.get("Range", ""), blob.size)
        if span is None:
            self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self.send_header("Content-Range", f"bytes */{blob.size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start, end = span
        partial = (start, end) != (0, blob.size)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if partial else HTTPStatus.OK)
        # Clair refuses a layer whose type is not what its bytes are.
        self.send_header("Content-Type", blob.media_type)
        self.send_header("Content-Length", str(end - start))
        self.send_header("Accept-Ranges", "bytes")
        if partial:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{blob.size}")
        self.end_headers()
        if content:
            self._send(blob, start, end)

    def _blob(self) -> Blob | None:
        """What the path names; None also for one who does not know the secret part."""
        secret, _, digest = self.path.removeprefix("/").partition("/")
        if not hmac.compare_digest(secret.encode(), self.server.secret.encode()):
            return None
        return self.server.blobs.get(digest)

    def _send(self, blob: Blob, start: int, end: int) -> None:
        with blob.open() as stream:
            stream.seek(start)
            while start < end:
                data = stream.read(min(_CHUNK, end - start))
                if not data:
                    # Closed before its length: nobody takes it for whole.
                    self.close_connection = True
                    return
                self.wfile.write(data)
                start += len(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Says nothing: the path is secret."""


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last (RFC 9110, 14.1.2); None when there is none such.

    What cannot be read as one range is the whole.
    """
    found = _RANGE.match(header.strip())
    if not found or not (found[1] or found[2]):
        return 0, size
    if not found[1]:
        length = int(found[2])
        return (max(0, size - length), size) if length and size else None
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < start:
        return 0, size
    return (start, end) if start < size else None

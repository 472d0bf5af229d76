"""Sends one request over one checked connection and bounds what comes back."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator

import httpcore
import httpx

from vigie.model.errors import UserError
from vigie.model.text import T

_SAME = {
    getattr(httpcore, name): getattr(httpx, name)
    for name in (
        "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "ConnectError",
        "ReadError", "WriteError", "LocalProtocolError", "RemoteProtocolError",
        "UnsupportedProtocol",
    )
}  # fmt: skip


@contextlib.contextmanager
def _as_httpx() -> Iterator[None]:
    """Errors of httpcore as httpx's. What h11 says of a wrong header shows the header, so its
    words do not pass."""
    try:
        yield
    except tuple(_SAME) as error:
        kind = _SAME[type(error)]
        own = isinstance(error, (httpcore.NetworkError, httpcore.TimeoutException))
        raise kind(str(error) if own else "the rules of HTTP were broken") from None


class _Bounded(httpx.SyncByteStream):
    """An answer's body that is not longer than it may be."""

    def __init__(self, response: httpcore.Response, largest: int) -> None:
        self._response = response
        self._largest = largest

    def __iter__(self) -> Iterator[bytes]:
        left = self._largest
        with _as_httpx():
            for part in self._response.iter_stream():
                left -= len(part)
                if left < 0:
                    raise httpx.ReadError(f"the answer is longer than {self._largest} bytes")
                yield part

    def close(self) -> None:
        with _as_httpx():
            self._response.close()


class CheckedTransport(httpx.BaseTransport):
    """A connection of its own for every request, so that each is looked up and checked."""

    def __init__(
        self, network: httpcore.NetworkBackend, context: ssl.SSLContext, largest: int
    ) -> None:
        self._largest = largest
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            network_backend=network,
            max_keepalive_connections=0,  # a connection that is kept has another's deadline
            http2=False,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in ("http", "https") or not url.host:
            raise UserError(
                T("an address that is called begins with https:// or http://"),
                T("Correct the address."),
            )
        with _as_httpx():
            answer = self._pool.handle_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    # Nobody chooses another name for the certificate than the one that is called.
                    extensions={"timeout": request.extensions.get("timeout", {})},
                )
            )
        body = _Bounded(answer, self._largest)
        headers = httpx.Headers(answer.headers)
        # Packed, a small answer could be a large one; it was asked for unpacked.
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            body.close()
            raise httpx.DecodingError("the answer is packed though that was not asked for")
        return httpx.Response(
            answer.status,
            headers=headers,
            stream=body,
            extensions={"http_version": answer.extensions.get("http_version", b"HTTP/1.1")},
        )

    def close(self) -> None:
        self._pool.close()

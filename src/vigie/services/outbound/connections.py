"""Connections that end in time and lead to the address that was checked, nowhere else."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

from vigie.services.outbound.addresses import Address

Resolve = Callable[[str, int], list[str]]
"""The addresses of a name. Raises OSError when it has none."""

Dial = Callable[[str, int, float], socket.socket]
"""A connection to an address and port, within seconds. Raises OSError."""

Pick = Callable[[str, int, float], list[Address]]
"""The addresses of a host that may be connected to, all checked, within seconds."""


def look_up(name: str, port: int) -> list[str]:
    """The addresses of a name as the machine's resolver gives them."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def dial(address: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to an address: no name is looked up here."""
    connection = socket.create_connection((address, port), timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def within(seconds: float, resolve: Resolve, name: str, port: int) -> list[str]:
    """What `resolve` gives, or TimeoutError: a resolver keeps its own time, not ours."""
    answer: SimpleQueue[list[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(resolve(name, port))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError("no name"))

    threading.Thread(target=ask, name="look up", daemon=True).start()
    try:
        got = answer.get(timeout=seconds)
    except Empty:
        raise TimeoutError("looking up the name took too long") from None
    if isinstance(got, OSError):
        raise got
    return got


class Deadline:
    """A moment after which nothing is waited for. `left` raises TimeoutError when it is past."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, atmost: float | None = None) -> float:
        """Seconds that are left, and no more than `atmost`."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left if atmost is None else min(left, atmost)


@contextlib.contextmanager
def _told(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    """Errors of sockets as httpcore names them, without what the other side said."""
    try:
        yield
    except TimeoutError:
        raise late("the time is over") from None
    except ssl.SSLError as error:
        raise broken(error.reason or "TLS failed") from None
    except OSError as error:
        raise broken(error.strerror or "the connection broke") from None


class CheckedStream(httpcore.NetworkStream):
    """One connection whose every step ends by the deadline of the whole exchange."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _told(httpcore.ReadTimeout, httpcore.ReadError):
            self._connection.settimeout(self._deadline.left(timeout))
            return self._connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        with _told(httpcore.WriteTimeout, httpcore.WriteError):
            while rest:
                self._connection.settimeout(self._deadline.left(timeout))
                rest = rest[self._connection.send(rest) :]

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            with _told(httpcore.ConnectTimeout, httpcore.ConnectError):
                # CPython holds the whole handshake to this, not each step of it.
                self._connection.settimeout(self._deadline.left(timeout))
                wrapped = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except (httpcore.ConnectTimeout, httpcore.ConnectError):
            self.close()
            raise
        return CheckedStream(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        if info == "server_addr":
            return self._connection.getpeername()
        if info == "client_addr":
            return self._connection.getsockname()
        return None


class CheckedNetwork(httpcore.NetworkBackend):
    """Opens connections for httpcore: looks the host up once, checks, and dials just that.

    httpcore takes the name for Host, SNI and the certificate from the request, not from here.
    """

    def __init__(self, pick: Pick, dial_to: Dial, timeout: float) -> None:
        self._pick = pick
        self._dial = dial_to
        self._timeout = timeout

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        deadline = Deadline(self._timeout)
        with _told(httpcore.ConnectTimeout, httpcore.ConnectError):
            addresses = self._pick(host, port, deadline.left(timeout))
            return CheckedStream(self._first(addresses, port, deadline, timeout), deadline)

    def _first(
        self, addresses: list[Address], port: int, deadline: Deadline, timeout: float | None
    ) -> socket.socket:
        """A connection to the first that answers; each has its share of the time."""
        failed = OSError("the name has no address")
        for index, address in enumerate(addresses):
            share = deadline.left(timeout) / (len(addresses) - index)
            try:
                return self._dial(str(address), port, share)
            except OSError as error:
                failed = error
        raise failed

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("sockets of this machine are not called")

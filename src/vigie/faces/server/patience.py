"""How long the server waits for a connection that is slow on purpose, and how much it listens to.

uvicorn waits for ever for the head of a first request, and httptools takes a head of any size: a
few thousand idle sockets, or one that never ends its headers, would be enough to keep everybody
else out. How long a body may take is said in `middleware`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_FRAMING = 16  # bytes that may stand around each byte of a body: chunks may be small
_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n"
    b"content-length: 0\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """`connections` may be open at once, beyond which requests are answered 503. A request's head
    must be there within `head_seconds` and not be longer than `head_bytes`; so must all of a
    request that is not its body. Whoever takes nothing of an answer for `stalled_seconds` is cut
    off. A first byte is waited for as long as for the rest of a head."""

    connections: int = 800  # services may open 1024 files unless somebody said otherwise
    head_seconds: float = 20.0
    head_bytes: int = 64 * 1024
    stalled_seconds: float = 60.0


class Patient(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with an end to its patience."""

    patience: ClassVar[Patience] = Patience()
    _head: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _spent = 0  # bytes of this message that are no body of it
    _body = 0
    _begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        self._moves()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head is None and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_head()
        before, self._begun, self._body = self.cycle, False, 0
        super().data_received(data)
        if self.cycle is not before:
            self._end_waiting()
        # A message may begin within these bytes; the next ones count.
        spent = 0 if self._begun else self._spent + len(data) - _FRAMING * self._body
        self._spent = max(0, spent)
        if self._spent > self.patience.head_bytes:
            self._refuse(_LARGE)

    def handle_websocket_upgrade(self) -> None:
        self._end_waiting()
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        self._begun = True
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._moves()
        self._stalled = self.loop.call_later(self.patience.stalled_seconds, self._cut_off)

    def resume_writing(self) -> None:
        self._moves()
        super().resume_writing()

    def _wait_for_head(self) -> None:
        self._head = self.loop.call_later(self.patience.head_seconds, self._refuse, _LATE)

    def _end_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _moves(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _refuse(self, answer: bytes) -> None:
        self._end_waiting()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer)
            self.transport.close()
        else:  # an answer is on its way: nothing may stand in its middle
            self.transport.abort()

    def _cut_off(self) -> None:
        self._stalled = None
        # What was not taken is thrown away, else the system would go on offering it.
        if (connection := self.transport.get_extra_info("socket")) is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


USUAL = Patience()


def patient(patience: Patience) -> type[Patient]:
    """The protocol with this patience."""
    return type("Patient", (Patient,), {"patience": patience})

"""Ships the audit log to a syslog server as it grows, and remembers how far it came.

Syslog over TCP has no acknowledgements (RFC 6587), so an entry counts as shipped when the
connection that carried it was closed in order. What was on its way when a connection broke is
sent again: each message carries its chain and place, by which a receiver tells.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import structlog

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.services.audit import entries
from vigie.services.audit_checkpoints import scopes_of
from vigie.services.audit_shipping import ship
from vigie.services.platform import Platform

PAUSE = 2.0  # seconds between two looks for new entries
_LONGEST_PAUSE = 60.0
_AT_ONCE = 2000  # entries on one connection
_log = structlog.get_logger("vigie.audit")


@dataclass(frozen=True, slots=True)
class Receiver:
    """A syslog server: TCP, with TLS when `tls` is given (RFC 5425)."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None


def receiver_of(address: str, authorities: Path | None = None) -> Receiver:
    """The server of `tcp://HOST:PORT` or `tls://HOST:PORT`. `authorities` is a PEM file of whom
    to trust, the usual ones without it. Raises UserError."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("tcp", "tls") or parts.path.strip("/"):
        raise UserError(
            T("{address!r} is no address of a syslog server", address=address[:200]),
            T("Give tcp://HOST:601 or tls://HOST:6514."),
        )
    if parts.scheme == "tcp":
        return Receiver(host, port or 601)
    try:
        tls = ssl.create_default_context(cafile=str(authorities) if authorities else None)
    except ssl.SSLError:
        raise UserError(
            T("{path} holds no certificates (PEM)", path=str(authorities)),
            T("Give the certificates of those who vouch for the syslog server."),
        ) from None
    return Receiver(host, port or 6514, tls)


class Position:
    """How far each chain was shipped, in a file that is written aside and put in place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.places = self._read()

    def after(self, chain: str) -> int:
        """The place of the last entry that was shipped."""
        return self.places.get(chain, 0)

    def keep(self, chain: str, place: int) -> None:
        """The chain is shipped up to there."""
        self.places[chain] = place
        aside = self.path.with_name(f"{self.path.name}.new")
        aside.write_bytes(msgspec.json.encode(self.places) + b"\n")
        aside.replace(self.path)

    def _read(self) -> dict[str, int]:
        try:
            text = self.path.read_bytes()[: 1 << 20]
        except FileNotFoundError:
            return {}
        try:
            return msgspec.json.decode(text, type=dict[str, int])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UserError(
                T("{path} does not say how far the log was shipped", path=str(self.path)),
                T("Give the file of --position, or one that is not there to begin anew."),
            ) from None


def ship_once(
    platform: Platform, receiver: Receiver, position: Position, tenant: str = ""
) -> Mapping[str, int]:
    """Ship what is new of every chain (or one tenant's); how many entries of each. Raises
    SourceError when the receiver or the database breaks off."""
    shipped: dict[str, int] = {}
    for scope in scopes_of(platform, tenant):
        while True:
            after = position.after(scope.chain)
            some = list(islice(entries(platform.database, scope, after), _AT_ONCE))
            if not some:
                break
            for _ in ship(some, receiver.host, receiver.port, tls=receiver.tls):
                pass
            position.keep(scope.chain, some[-1]["seq"])
            shipped[scope.chain] = shipped.get(scope.chain, 0) + len(some)
    return shipped


def follow(
    platform: Platform,
    receiver: Receiver,
    position: Position,
    stopped: threading.Event,
    tenant: str = "",
) -> None:
    """Ship until `stopped`. What does not answer is tried again, later and later."""
    pause = PAUSE
    while not stopped.wait(0):
        try:
            shipped = ship_once(platform, receiver, position, tenant)
        except SourceError as error:
            _log.warning("audit.not-shipped", error=str(error))
            pause = min(_LONGEST_PAUSE, pause * 2)
        else:
            pause = PAUSE
            if shipped:
                _log.info("audit.shipped", entries=sum(shipped.values()))
        stopped.wait(pause)

"""The audit log for other systems: JSON lines, and syslog messages (RFC 5424)."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

import msgspec

from vigie.model.errors import SourceError
from vigie.model.text import T

# RFC 5424, 6.2.1: facility 13 is "log audit", severity 5 "notice", 4 "warning".
_FACILITY = 13
_NOTICE, _WARNING = 5, 4
# RFC 5424, 7.2.2: the number of a private enterprise; 32473 is reserved for documentation
# (RFC 5612), as Vigie has none of its own.
_ID = "audit@32473"
_UNSAFE = re.compile(r'(["\\\]])')
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TIMEOUT = 10.0
_TEXT = ("action", "actor_kind", "actor_id", "actor", "subject_kind", "subject_id", "request_id",
         "address", "outcome", "hash")  # fmt: skip


def json_line(row: Mapping[str, Any]) -> bytes:
    """One entry as a line of JSON, with everything that its hash is over."""
    plain = {"chain": row["tenant_id"], **{k: v for k, v in row.items() if k != "tenant_id"}}
    plain["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return msgspec.json.encode(plain) + b"\n"


def syslog_message(row: Mapping[str, Any], host: str) -> bytes:
    """One entry as an RFC 5424 message: structured data for machines, a sentence for people."""
    severity = _WARNING if row["outcome"] == "refused" else _NOTICE
    at = row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    data = " ".join(
        f'{name}="{_value(row[name])}"' for name in _TEXT if row[name]
    )  # names are PARAM-NAMEs: ASCII without = " ]
    head = (
        f"<{_FACILITY * 8 + severity}>1 {at} {_name(host, 255)} vigie - {_name(row['action'], 32)}"
    )
    detail = msgspec.json.encode(row["detail"]).decode()
    said = _CONTROL.sub(" ", f"{row['actor'] or row['actor_id']} {row['action']} {detail}")
    body = f'[{_ID} chain="{row["tenant_id"]}" seq="{row["seq"]}" {data}] \ufeff{said}'
    return f"{head} {body}".encode()


def syslog_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Entries as RFC 5424 messages, one a line: none of them holds a line end."""
    own = socket.gethostname()
    for row in rows:
        yield syslog_message(row, own) + b"\n"


def framed(message: bytes) -> bytes:
    """Octet counting (RFC 6587, 3.4.1; RFC 5425, 4.3): no content can break the frame."""
    return str(len(message)).encode() + b" " + message


def ship(
    rows: Iterable[Mapping[str, Any]],
    host: str,
    port: int,
    *,
    tls: ssl.SSLContext | None = None,
) -> Iterator[int]:
    """Send entries to a syslog server over TCP (with `tls`: RFC 5425); yields each place as it is
    handed to the connection. Raises SourceError (retryable) when it breaks."""
    own = socket.gethostname()
    try:
        with socket.create_connection((host, port), timeout=_TIMEOUT) as plain:
            link = tls.wrap_socket(plain, server_hostname=host) if tls else plain
            with link:
                for row in rows:
                    link.sendall(framed(syslog_message(row, own)))
                    yield row["seq"]
                _end(link)
    except OSError as error:
        raise SourceError(
            T("the syslog server {host}:{port} takes nothing: {why}", host=host, port=port,
              why=error.strerror or str(error)),
            T("See whether it runs and listens there."),
            retryable=True,
        ) from None  # fmt: skip


def _end(link: socket.socket) -> None:
    """Say that this was all, and wait until the other side has taken it: it closes then, or
    breaks off. One that just stays open has had its ten seconds."""
    if isinstance(link, ssl.SSLSocket):
        with contextlib.suppress(ssl.SSLError, TimeoutError):
            link.unwrap()
        return
    link.shutdown(socket.SHUT_WR)
    with contextlib.suppress(TimeoutError):
        while link.recv(4096):
            pass


def _value(text: Any) -> str:
    return _UNSAFE.sub(r"\\\1", _CONTROL.sub(" ", str(text)))


def _name(text: str, most: int) -> str:
    """PRINTUSASCII, or - for nothing."""
    kept = "".join(c for c in text if "!" <= c <= "~")[:most]
    return kept or "-"

"""What is sent and received in pieces: uploads, downloads, server-sent events."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import BinaryIO

import httpx

from vigie.client.failures import Unreachable
from vigie.model.errors import UserError
from vigie.model.text import T

_LONGEST_LINE = 16 << 20  # characters of one event


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: a path, opened for each attempt and read piece by piece, or its bytes."""

    content: Path | bytes
    name: str = ""
    media_type: str = "application/octet-stream"

    def opened(self) -> BinaryIO | bytes:
        """What is sent now. Raises UserError when the file cannot be read."""
        if isinstance(self.content, bytes):
            return self.content
        try:
            return self.content.open("rb")
        except OSError as error:
            raise UserError(
                T("{path} cannot be read: {why}",
                  path=str(self.content), why=error.strerror or str(error)),
                T("Check the name and the permissions."),
            ) from None  # fmt: skip

    def named(self) -> str:
        """The name that the server is told."""
        return self.name or (self.content.name if isinstance(self.content, Path) else "report")


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One server-sent event. `data` is its text (JSON), `id` is "" where it has none."""

    kind: str
    data: str
    id: str = ""


class Download:
    """An answer that is read piece by piece; close it, or use it in a `with`."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.media_type = response.headers.get("content-type", "").partition(";")[0]
        self.name = _file_name(response.headers.get("content-disposition", ""))

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The rest is not wanted."""
        self._response.close()

    def pieces(self) -> Iterator[bytes]:
        """The body. Raises Unreachable when it ends too early."""
        try:
            yield from self._response.iter_bytes()
        except httpx.TransportError as error:
            raise Unreachable(
                T("the answer broke off: {why}", why=str(error) or type(error).__name__),
                T("Try again later."),
            ) from None

    def save(self, path: Path) -> Path:
        """Write it to this file, which is never there half."""
        beside = path.with_name(f".{path.name[:200]}.{secrets.token_hex(6)}")
        try:
            with beside.open("xb") as file:
                for piece in self.pieces():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return path


def events_of(response: httpx.Response) -> Iterator[ServerEvent]:
    """The events of a stream (WHATWG HTML, 9.2.6); comments are signs of life and say nothing."""
    kind, number, size = "", "", 0
    data: list[str] = []
    for line in response.iter_lines():
        size += len(line)
        if size > _LONGEST_LINE:
            raise Unreachable(T("an event of the server is too long"), retryable=False)
        if not line:
            if data:
                yield ServerEvent(kind or "message", "\n".join(data), number)
            kind, data, size = "", [], 0
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            kind = value
        elif field == "id" and "\0" not in value:
            number = value


def _file_name(disposition: str) -> str:
    """The name alone: where it is saved is not the server's to say."""
    message = Message()
    message["Content-Disposition"] = disposition
    return Path((message.get_filename() or "").replace("\\", "/")).name

"""Output in chunks: a report of 100,000 findings is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder()
_CHUNK = 1 << 18


def encode(value: Any) -> bytes:
    """Compact JSON. Lone surrogates, as file names can hold, become question marks."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(_legible(value))


def listed(items: Iterable[Any]) -> Iterator[bytes]:
    """A JSON array with one item on each line, made while it is written."""
    between = b"[\n"
    for item in items:
        yield between
        yield encode(item)
        between = b",\n"
    yield b"[]" if between == b"[\n" else b"\n]"


def document(members: Iterable[tuple[str, Any]]) -> Iterator[bytes]:
    """A JSON object whose members are values or, where they are iterators, streamed bytes."""
    opening = b"{\n"
    for name, value in members:
        yield opening + encode(name) + b": "
        opening = b",\n"
        if isinstance(value, Iterator):
            yield from value
        else:
            yield encode(value)
    yield b"\n}\n"


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Small pieces put together to chunks of a quarter of a megabyte."""
    chunk = bytearray()
    for piece in pieces:
        chunk += piece
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)


def _legible(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_legible(key): _legible(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_legible(item) for item in value]
    return value


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The members that hold something: unknown is left out, never written as zero."""
    return {
        key: value
        for key, value in values.items()
        if value is not None and value not in ("", [], {})
    }

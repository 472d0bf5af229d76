"""The whole result as JSON, for other programs and for `vigie report`, `gate` and `explain`.

Layout: `catalog/schema/result-1.json`. One finding stands on each line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from vigie.model.plain import sections
from vigie.model.results import Result
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_CHUNK = 1 << 18
_ENCODER = msgspec.json.Encoder()


class JsonOutlet:
    format = "json"
    label = "JSON"
    suffix = ".json"
    media_type = "application/json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(_gathered(_pieces(result, view)))


OUTLET = JsonOutlet()


def _pieces(result: Result, view: View) -> Iterator[bytes]:
    """Findings are made plain one at a time: a second copy of 100,000 would not fit."""
    opening = b"{"
    for key, value in sections(result, *view.languages, view.words):
        yield opening + b'"' + key.encode() + b'":'
        opening = b",\n"
        if not isinstance(value, Iterator):
            yield _encode(value)
            continue
        between = b"[\n"
        for item in value:
            yield between
            yield _encode(item)
            between = b",\n"
        yield b"[]" if between == b"[\n" else b"\n]"
    yield b"}\n"


def _encode(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        # A path that is no valid UTF-8 carries lone surrogates, which JSON cannot.
        return _ENCODER.encode(_legible(value))


def _legible(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_legible(key): _legible(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_legible(item) for item in value]
    return value


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    chunk = bytearray()
    for piece in pieces:
        chunk += piece
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk)

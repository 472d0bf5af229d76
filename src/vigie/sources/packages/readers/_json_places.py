"""JSON read a level at a time, so that each entry of a lock file knows the line it stands on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from vigie.ports.packages import PackageFile
from vigie.sources.packages.readers._records import content_of, refused

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder()
_RAW = msgspec.json.Decoder(msgspec.Raw)
_MEMBER = re.compile(rb'[\s,]*+"(?:[^"\\]|\\.)*+"\s*+:\s*+', re.DOTALL)
_ITEM = re.compile(rb"[\s,]*+")
# Comments, and commas before a closing bracket, outside of strings: JSONC as Bun writes it.
_COMMENTS = re.compile(
    rb'"(?:[^"\\]|\\.)*+"?|(?P<comment>//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)', re.DOTALL
)
_COMMAS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|(?P<comma>,)(?=\s*+[}\]])', re.DOTALL)


class JsonNode:
    """One value of a document. `line` counts from 1 and is None where it cannot be told."""

    __slots__ = ("_document", "_raw", "_start")

    def __init__(self, document: _Document, raw: msgspec.Raw, start: int) -> None:
        self._document = document
        self._raw = raw
        self._start = start

    @property
    def line(self) -> int | None:
        return self._document.line(self._start) if self._start >= 0 else None

    @property
    def is_object(self) -> bool:
        return bytes(memoryview(self._raw)[:1]) == b"{"

    @property
    def is_array(self) -> bool:
        return bytes(memoryview(self._raw)[:1]) == b"["

    def value(self) -> Any:
        """The decoded value. Raises ValueError, RecursionError."""
        try:
            return _ANY.decode(self._raw)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from None

    def record(self) -> dict[str, Any]:
        """The decoded object; an empty one for anything else."""
        value = self.value() if self.is_object else None
        return value if isinstance(value, dict) else {}

    def members(self) -> Iterator[tuple[str, JsonNode]]:
        """Names and values of an object in the file's order; none for anything else."""
        if not self.is_object:
            return
        try:
            found = _OBJECT.decode(self._raw)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from None
        for (name, raw), start in zip(
            found.items(), self._starts(_MEMBER, found.values()), strict=True
        ):
            yield name, JsonNode(self._document, raw, start)

    def items(self) -> Iterator[JsonNode]:
        """Values of an array; none for anything else."""
        if not self.is_array:
            return
        try:
            found = _ARRAY.decode(self._raw)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from None
        for raw, start in zip(found, self._starts(_ITEM, found), strict=True):
            yield JsonNode(self._document, raw, start)

    def get(self, *path: str) -> JsonNode | None:
        """The member at a path of names; None when it is absent."""
        node = self
        for name in path:
            found = next((child for key, child in node.members() if key == name), None)
            if found is None:
                return None
            node = found
        return node

    def _starts(self, before: re.Pattern[bytes], raws: Any) -> Iterator[int]:
        """Where each value begins, by going along the text with the values at hand.

        A name that comes twice upsets the order: from there on no place is told.
        """
        text = self._document.text
        at = self._start + 1 if self._start >= 0 else -1  # after the bracket
        for raw in raws:
            if at >= 0:
                found = before.match(text, at)
                at = found.end() if found is not None else -1
                view = memoryview(raw)
                if at >= 0 and text[at : at + len(view)] != view:
                    at = -1
            yield at
            if at >= 0:
                at += len(memoryview(raw))


class _Document:
    def __init__(self, text: bytes) -> None:
        self.text = text

    @cached_property
    def _ends(self) -> list[int]:
        return [found.start() for found in re.finditer(b"\n", self.text)]

    def line(self, at: int) -> int:
        return bisect_left(self._ends, at) + 1


def json_of(file: PackageFile, label: str, *, comments: bool = False) -> JsonNode:
    """The root object of a JSON file; `comments` True for JSONC with trailing commas.

    Raises UserError when it is too large, no JSON, or no object and no array.
    """
    return json_node(file, content_of(file), label, comments=comments)


def json_node(file: PackageFile, data: bytes, label: str, *, comments: bool = False) -> JsonNode:
    """The same for content already at hand."""
    if comments:
        data = _without_comments(data)
    try:
        raw = _RAW.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise refused(file, label, str(error)) from None
    start = len(data) - len(data.lstrip())
    node = JsonNode(_Document(data), raw, start)
    if not node.is_object and not node.is_array:
        raise refused(file, label, "no object")
    return node


def _without_comments(data: bytes) -> bytes:
    """Comments and trailing commas as blanks, so that every place stays what it is."""
    data = _COMMENTS.sub(lambda m: _blank(m.group()) if m.group("comment") else m.group(), data)
    return _COMMAS.sub(lambda m: b" " if m.group("comma") else m.group(), data)


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\n]", b" ", text)

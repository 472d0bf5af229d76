"""Lazy JSON: a node knows its bytes and its place, and decodes only when asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from vigie.sources.reports.records import Record, RecordError

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder()
_LARGE = 1024 * 1024  # bytes
_RECORD = 64 * 1024 * 1024  # bytes
_RAW = msgspec.json.Decoder(msgspec.Raw)


class Node:
    """One JSON value. `pointer` says where it stands: "Results[0].Vulnerabilities[3]"."""

    __slots__ = ("_fields", "pointer", "raw")

    def __init__(self, raw: msgspec.Raw, pointer: str) -> None:
        self.raw = raw
        self.pointer = pointer
        self._fields: dict[str, msgspec.Raw] | None = None

    def fields(self) -> dict[str, Node]:
        """Members of an object by name; empty for anything else."""
        return {name: self.child(name, raw) for name, raw in self.members().items()}

    def get(self, *path: str) -> Node | None:
        """The member at a path of names, None when it is absent or null."""
        node: Node | None = self
        for name in path:
            raw = node.members().get(name) if node is not None else None
            if raw is None or bytes(memoryview(raw)[:4]) == b"null":
                return None
            node = node.child(name, raw) if node is not None else None
        return node

    def items(self, *path: str) -> Iterator[Node]:
        """Items of the array at a path; none when it is absent, null or no array."""
        node = self.get(*path) if path else self
        if node is None or node.first != b"[":
            return
        for index, raw in enumerate(_ARRAY.decode(node.raw)):
            yield Node(raw, f"{node.pointer}[{index}]")

    def need_items(self, *path: str) -> Iterator[Node]:
        """Items of an array that must be there, so that its absence is not 'no records'.

        Raises RecordError when it is absent, null or no array.
        """
        node = self.get(*path) if path else self
        if node is None or node.first != b"[":
            raise RecordError(f"has no {'.'.join(path) or 'array'}")
        return node.items()

    def value(self) -> Any:
        """The decoded value. Raises RecordError when its bytes are not valid JSON or UTF-8.

        So does one of more than 64 MiB: decoded it could fill the memory.
        """
        if len(memoryview(self.raw)) > _RECORD:
            raise RecordError("is larger than a record may be")
        try:
            return _ANY.decode(self.raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RecordError(str(error)) from None

    def record(self) -> Record:
        """The decoded object as a record. Raises RecordError when it is no object."""
        value = self.value()
        if not isinstance(value, dict):
            raise RecordError("is not an object")
        return Record(value, self.pointer)

    def text(self, *path: str) -> str:
        """The string at a path; "" when absent, null or not a string."""
        node = self.get(*path)
        value = node.value() if node is not None and node.first not in b"[{" else None
        return value if isinstance(value, str) else ""

    @property
    def first(self) -> bytes:
        """The first byte: b"{" for an object, b"[" for an array."""
        return bytes(memoryview(self.raw)[:1])

    def child(self, name: str, raw: msgspec.Raw) -> Node:
        """A node for a member of this one, with its pointer."""
        return Node(raw, f"{self.pointer}.{name}" if self.pointer else name)

    def members(self) -> dict[str, msgspec.Raw]:
        """Undecoded members of an object; empty for anything else."""
        if self._fields is None:
            self._fields = {}
            if self.first == b"{":
                try:
                    self._fields = _OBJECT.decode(self.raw)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                    raise RecordError(str(error)) from None
        return self._fields


class RawHead:
    """The object a format is recognised by; values are decoded when asked for.

    Every parser looks into it, so places once found are remembered, and a large container
    comes back empty: its type is enough to recognise a format by.
    """

    __slots__ = ("_found", "keys")

    def __init__(self, node: Node) -> None:
        self._found: dict[tuple[str | int, ...], Node | None] = {(): node}
        try:
            self.keys = frozenset(node.members())
        except RecordError:
            self.keys = frozenset()

    def at(self, *path: str | int) -> Any:
        """The decoded value at a path of names and indexes, None when there is none."""
        try:
            node = self._find(path)
            if node is None:
                return None
            if len(memoryview(node.raw)) > _LARGE and node.first in (b"[", b"{"):
                return [] if node.first == b"[" else {}
            return node.value()
        except (RecordError, msgspec.DecodeError):
            return None

    def _find(self, path: tuple[str | int, ...]) -> Node | None:
        if path not in self._found:
            parent, step = self._find(path[:-1]), path[-1]
            if parent is None:
                self._found[path] = None
            elif isinstance(step, int):
                self._found[path] = next(
                    (n for i, n in enumerate(parent.items()) if i == step), None
                )
            else:
                self._found[path] = parent.get(step)
        return self._found[path]


def decode_node(view: memoryview, pointer: str) -> Node:
    """Check the whole text once and give its root. Raises msgspec.DecodeError, RecursionError."""
    raw = _RAW.decode(view)
    # Raw keeps leading white space out already; one member level is decoded on demand.
    return Node(raw, pointer)

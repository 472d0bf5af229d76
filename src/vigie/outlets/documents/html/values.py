"""A table of JSON values, each written once, that grows while the file is being written."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from vigie.outlets.stream import encode

# Above this much text the report keeps only the opening of long texts, and says so.
_ROOMY = 48 << 20
_LONG = 400
_LONGEST = 20_000  # no text of a report may be longer, however small the report is

NOTHING = 0  # the reference of an absent value


class Values:
    """Gives every distinct value a number; `flush` returns those not yet written.

    Long texts are cut as `[opening, length]`, which the script shows as shortened.
    """

    def __init__(self) -> None:
        self._seen: dict[Hashable, int] = {}
        self._kept: dict[Hashable, int] = {}
        self._fresh: list[bytes] = [b"null"]
        self._start = 0
        self._size = 0

    def text(self, text: str) -> int:
        """The number of a short text; `NOTHING` for an empty one."""
        if not text:
            return NOTHING
        found = self._seen.get(text)
        return self._add(text, text) if found is None else found

    def prose(self, text: str) -> int:
        """The number of a text that may be long."""
        limit = _LONGEST if self._size < _ROOMY else _LONG
        if len(text) <= limit:
            return self.text(text)
        found = self._seen.get(text)
        return self._add(text, [text[:limit], len(text)]) if found is None else found

    def array(self, items: Sequence[Any]) -> int:
        """The number of an array of JSON values; `NOTHING` for an empty one."""
        if not items:
            return NOTHING
        data = encode(items)
        found = self._seen.get(data)
        if found is None:
            found = self._new(data, data)
        return found

    def kept(self, key: Hashable) -> int | None:
        """The number remembered for a value of the model, if there is one."""
        return self._kept.get(key)

    def keep(self, key: Hashable, number: int) -> int:
        """Remembers the number of a value of the model, so that it is not spelled out again."""
        self._kept[key] = number
        return number

    def flush(self) -> tuple[int, bytes]:
        """The number of the first value not yet written, and the array of all of them."""
        start, fresh = self._start, self._fresh
        self._start += len(fresh)
        self._fresh = []
        return start, b"[" + b",\n".join(fresh) + b"]"

    @property
    def waiting(self) -> bool:
        return bool(self._fresh)

    def _add(self, key: str, value: Any) -> int:
        return self._new(key, encode(value))

    def _new(self, key: Hashable, data: bytes) -> int:
        number = self._start + len(self._fresh)
        self._seen[key] = number
        self._fresh.append(data)
        self._size += len(data)
        return number


def embed(data: bytes) -> bytes:
    """JSON that can stand inside a script element (HTML, "script data" states): no `<` is
    left, so neither `</script` nor `<!--` can occur, and no line separator of JavaScript."""
    return (
        data.replace(b"<", b"\\u003c")
        .replace(b"\xe2\x80\xa8", b"\\u2028")
        .replace(b"\xe2\x80\xa9", b"\\u2029")
    )

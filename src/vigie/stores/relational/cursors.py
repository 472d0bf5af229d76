"""Cursors: where the page before ended, as a word that only means something to the same list."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.stores.relational.fields import ID, FieldType

_LONGEST = 4000


def write(name: str, value: Any, last: str) -> str:
    """The cursor after the row `last`, whose field `name` (the list is sorted by it) holds
    `value`."""
    plain = value if isinstance(value, (str, int, float)) else msgspec.to_builtins(value)
    packed = msgspec.json.encode([name, plain, last])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(cursor: str, name: str, kind: FieldType) -> tuple[Any, str]:
    """The value and the id. Raises UserError for a cursor of another list or order."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")
        padded = cursor + "=" * (-len(cursor) % 4)
        packed = base64.urlsafe_b64decode(padded.encode("ascii"))
        sorted_by, value, last = msgspec.json.decode(
            packed, type=tuple[str, str | int | float | bool, str]
        )
        if sorted_by != name:
            raise ValueError(sorted_by)
        word = str(value).lower() if isinstance(value, bool) else str(value)
        return kind.parse(word), ID.parse(last)
    except (ValueError, KeyError, OverflowError, binascii.Error, msgspec.MsgspecError):
        raise UserError(
            T("this cursor is not of this list and order"), T("Begin again without `cursor`.")
        ) from None

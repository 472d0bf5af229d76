"""Ids that sort by the time they were made: UUID version 7 (RFC 9562, 5.7)."""

from __future__ import annotations

from uuid import UUID

from uuid_utils import uuid7

# Whose the platform's own rows are, where a row must belong to a tenant.
PLATFORM = str(UUID(int=0))


def new_id() -> str:
    """A new id, as text."""
    return str(uuid7())


def is_id(text: str) -> bool:
    """True for a UUID in its canonical text."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def canonical(digits: str) -> str:
    """The 32 hexadecimal digits of an id as its text (RFC 9562, 4), without the detour over
    `uuid.UUID`: a page of a list holds hundreds of them."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

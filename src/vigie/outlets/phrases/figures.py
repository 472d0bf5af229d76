"""Numbers, times and hostile strings as a person can read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timezone

from vigie.model.printable import clean
from vigie.model.text import Language, grouped

__all__ = ["clean", "decimal", "line", "local", "middle", "moment", "number", "when"]

_SPACE = re.compile(r"\s+")


def line(text: str, longest: int = 0) -> str:
    """The same on one line, cut after `longest` characters with an ellipsis (0: whole)."""
    if not text.isprintable() or "  " in text:
        text = clean(_SPACE.sub(" ", text))
    text = text.strip()
    return f"{text[: longest - 1].rstrip()}…" if longest and len(text) > longest else text


def sentence(text: str, longest: int) -> str:
    """The same on one line, cut between words: half a word reads like another one."""
    text = line(text)
    if len(text) <= longest:
        return text
    head, gap, _ = text[:longest].rpartition(" ")
    # A path or a hash without spaces is cut where it must be.
    return f"{head.rstrip(' ,;:.')}…" if gap and len(head) > longest // 2 else line(text, longest)


def middle(text: str, longest: int) -> str:
    """On one line, cut in the middle: both ends of a digest, version or path tell it apart."""
    text = line(text)
    if len(text) <= longest:
        return text
    head = (longest - 1) // 2
    return f"{text[:head]}…{text[len(text) - (longest - 1 - head) :]}"


def number(value: int, lang: Language) -> str:
    """An integer with its thousands set apart: "12,345", in French "12 345"."""
    return grouped(value, lang)


def decimal(value: float, lang: str, digits: int = 1) -> str:
    """A decimal number: "7.5", in French "7,5"."""
    shown = f"{value:.{digits}f}"
    return shown.replace(".", ",") if lang == "fr" else shown


def moment(text: str) -> datetime | None:
    """An ISO 8601 date or time in UTC; None when it is not one."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def when(text: str) -> str:
    """A time to the minute, "2025-08-25 10:04 UTC"; a bare date stays one; else as it came."""
    parsed = moment(text)
    if parsed is None or len(text) <= 10:
        return line(text)
    return f"{parsed:%Y-%m-%d %H:%M} UTC"


def local(text: str) -> str:
    """A time to the minute by the clock that it was told by, "2025-08-25 12:04 UTC+02:00"."""
    parsed = moment(text)
    offset = datetime.fromisoformat(text).utcoffset() if parsed is not None else None
    if parsed is None or not offset or len(text) <= 10:
        return when(text)
    there = parsed.astimezone(timezone(offset))
    return f"{there:%Y-%m-%d %H:%M} {there:%Z}"

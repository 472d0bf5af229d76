"""Hostile strings as a terminal or a page may show them."""

from __future__ import annotations

import re

# Control characters steer terminals and spreadsheets, direction marks reverse what is read,
# and a lone surrogate cannot be written at all.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Text of a report with nothing in it that acts; lines and tabs stay."""
    if text.isprintable():  # most are, and nothing printable acts
        return text
    text = text.replace("\r\n", "\n")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("\ufffd", text))

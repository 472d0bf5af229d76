"""The text of a result's message, with its arguments filled in (3.11)."""

from __future__ import annotations

import re

from vigie.sources.reports.parsers.sarif.rules import Known
from vigie.sources.reports.records import Record

_PLACE = re.compile(r"\{(\d+)\}")
_LINK = re.compile(r"(?<!\\)\[((?:[^\]\\]|\\.)+)\]\(\d+\)")


def message_of(result: Record, known: Known) -> str:
    """Plain text; links to related locations by number are left as their words."""
    message = result.child("message")
    text = message.text("text") or message.text("markdown") or _looked_up(message, known)
    said = message.at("arguments")
    if isinstance(said, list) and said:
        arguments = [item if isinstance(item, str) else "" for item in said]
        text = _PLACE.sub(lambda hole: _argument(hole, arguments), text)
    return _LINK.sub(lambda link: link[1], text)


def _argument(hole: re.Match[str], arguments: list[str]) -> str:
    index = int(hole[1]) if len(hole[1]) < 4 else len(arguments)
    return arguments[index] if index < len(arguments) else hole[0]


def _looked_up(message: Record, known: Known) -> str:
    """The rule's message of this id, else the tool component's."""
    name = message.text("id")
    for strings in (
        known.descriptor.record.child("messageStrings"),
        known.component.child("globalMessageStrings"),
    ):
        text = strings.text(name, "text") if name else ""
        if text:
            return text
    return ""

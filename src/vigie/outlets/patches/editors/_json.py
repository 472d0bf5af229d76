"""JSON files changed in place: where each string stands, and the text with some replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from vigie.model.errors import UserError
from vigie.model.text import T

_TOKEN = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_LARGEST = 64 * 1024**2
_DEEPEST = 100

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A string or object in the text, its quotes or braces included."""

    start: int
    end: int
    value: str = ""


def checked(path: str, text: str) -> None:
    """Raises UserError when it is no JSON object, has a key twice or is far too large."""
    try:
        if len(text) > _LARGEST:
            raise ValueError("too large")
        if not isinstance(json.loads(text, object_pairs_hook=_once), dict):
            raise ValueError("no object")
    except (ValueError, RecursionError) as error:
        raise UserError(
            T("{path} is no JSON: {why}", path=path, why=str(error)), T("It was not touched.")
        ) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def places(text: str) -> dict[Keys, Place]:
    """Every string value and every object by its way from the root. The text is JSON."""
    found: dict[Keys, Place] = {}
    way: list[str | int] = []
    open_: list[tuple[str, int]] = []
    key_next = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            open_.append((token, match.start()))
            if len(open_) > _DEEPEST:
                raise ValueError("too deep")
            key_next = token == "{"
            way.append("" if token == "{" else 0)
        elif token in "}]":
            way.pop()
            kind, start = open_.pop()
            if kind == "{":
                found[tuple(way)] = Place(start, match.end())
            key_next = False
        elif token == ",":
            key_next = open_[-1][0] == "{"
            if not key_next:
                way[-1] = int(way[-1]) + 1
        elif token[0] == '"' and key_next:
            way[-1], key_next = json.loads(token), False
        elif token[0] == '"':
            found[tuple(way)] = Place(match.start(), match.end(), json.loads(token))
    return found


def replaced(text: str, changes: Iterable[tuple[Place, str]]) -> str:
    """The text with each place's string replaced by another one."""
    for place, value in sorted(changes, key=lambda change: -change[0].start):
        text = text[: place.start] + json.dumps(value, ensure_ascii=False) + text[place.end :]
    return text


def with_entries(text: str, keys: Keys, entries: Iterable[tuple[str, str]]) -> str:
    """The text with string entries added at the end of the object at `keys`, which is made when
    it is not there (its parent must be), indented as the file is."""
    found = places(text)
    if keys not in found:
        body = _lines(text, len(keys) + 1, entries)
        inner = f"{{{body}{_newline(text)}{_indent(text) * len(keys)}}}" if body else "{}"
        return _appended(text, found[keys[:-1]], f"{json.dumps(keys[-1])}: {inner}", len(keys))
    for name, value in entries:
        there = found.get((*keys, name))
        if there is not None:
            text = replaced(text, [(there, value)])
        else:
            entry = f"{json.dumps(name)}: {json.dumps(value)}"
            text = _appended(text, places(text)[keys], entry, len(keys) + 1)
        found = places(text)
    return text


def _lines(text: str, depth: int, entries: Iterable[tuple[str, str]]) -> str:
    start = _newline(text) + _indent(text) * depth
    return ",".join(f"{start}{json.dumps(name)}: {json.dumps(v)}" for name, v in entries)


def _appended(text: str, place: Place, entry: str, depth: int) -> str:
    inside = text[place.start + 1 : place.end - 1]
    end = place.start + 1 + len(inside.rstrip())
    comma = "," if inside.strip() else ""
    tail = text[end : place.end - 1] if "\n" in inside else ""
    if not tail and "\n" in text:
        tail = _newline(text) + _indent(text) * (depth - 1)
    lead = _newline(text) + _indent(text) * depth if "\n" in text else ""
    return text[:end] + comma + lead + entry + tail + text[place.end - 1 :]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n" if "\n" in text else ""


def _indent(text: str) -> str:
    found = re.search(r"\n([ \t]+)\S", text)
    return found[1] if found else ("  " if "\n" in text else "")

"""Literal Elixir terms, as mix.lock holds them: maps, tuples, lists, texts, atoms, numbers.

Source: Elixir's "Syntax reference"; only what `inspect` writes of such terms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

_TOKEN = re.compile(
    r"""(?P<blank>[\s,]++|\#[^\n]*+)
    |(?P<open>%\{|\{|\[)
    |(?P<close>\}|\])
    |(?P<key>"(?P<quoted_key>(?:[^"\\]|\\.)*+)":(?=\s)|(?P<plain_key>[A-Za-z_][\w@]*+[?!]?):(?=\s))
    |(?P<arrow>=>)
    |"(?P<text>(?:[^"\\]|\\.)*+)"
    |:"(?P<quoted_atom>(?:[^"\\]|\\.)*+)"
    |:(?P<atom>[A-Za-z_][\w@]*+[?!]?)
    |(?P<word>[A-Za-z_0-9][\w.]*+)""",
    re.VERBOSE | re.DOTALL,
)
_DEEPEST = 50
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value, in a map or a keyword list. `line` is where the key stands."""

    key: str
    value: Term
    line: int


Term: TypeAlias = "str | list[Term] | Pair"


def read_terms(text: str) -> list[Term]:
    """The terms of a text: maps, tuples and lists are lists, everything else is text.

    Raises ValueError for what is none of these, or is nested too deep.
    """
    root: list[Term] = []
    stack: list[list[Term]] = [root]
    keys: list[list[tuple[str, int]]] = [[]]
    at, line = 0, 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"line {line} is no term of Elixir")
        if found["open"]:
            if len(stack) >= _DEEPEST:
                raise ValueError(f"nested more than {_DEEPEST} deep")
            stack.append([])
            keys.append([])
        elif found["close"]:
            if len(stack) == 1:
                raise ValueError(f"line {line} closes what was not opened")
            done = stack.pop()
            keys.pop()
            _place(stack[-1], keys[-1], done)
        elif found["key"]:
            name = found["quoted_key"] if found["quoted_key"] is not None else found["plain_key"]
            keys[-1].append((_plain(name), line))
        elif found["arrow"]:
            _turn_into_key(stack[-1], keys[-1], line)
        elif found["blank"] is None:
            value = next(
                found[name]
                for name in ("text", "quoted_atom", "atom", "word")
                if found[name] is not None
            )
            _place(stack[-1], keys[-1], _plain(value))
        line += text.count("\n", at, found.end())
        at = found.end()
    if len(stack) != 1:
        raise ValueError("it ends in the middle of a term")
    return root


def _place(into: list[Term], waiting: list[tuple[str, int]], value: Term) -> None:
    if waiting:
        key, line = waiting.pop()
        value = Pair(key, value, line)
    into.append(value)


def _turn_into_key(terms: list[Term], waiting: list[tuple[str, int]], line: int) -> None:
    last = terms.pop() if terms else None
    if not isinstance(last, str):
        raise ValueError(f"line {line} has a key that is no text")
    waiting.append((last, line))


def _plain(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)

"""Licences: what a list of shell patterns says about an SPDX expression."""

from __future__ import annotations

import fnmatch
import re

_OPERATORS = frozenset({"AND", "OR", "WITH", "(", ")"})
_TOKEN = re.compile(r"[()]|[^\s()]+")
_DEEPEST = 40  # parentheses; deeper than that nobody writes


def is_listed(licence: str, patterns: tuple[str, ...]) -> bool:
    """True when the patterns (over SPDX ids, in any case) forbid the licence.

    Of an expression (SPDX specification, "licence expressions") `A AND B` is forbidden when
    one of them is, `A OR B` when both are, because one may choose. What cannot be read as an
    expression is forbidden as soon as one word of it is.
    """
    # Tools list several licences with commas as well; all of them hold.
    return any(_part_is_listed(part.strip(), patterns) for part in re.split(r"[,;]", licence))


def _part_is_listed(text: str, patterns: tuple[str, ...]) -> bool:
    tokens = _TOKEN.findall(text)
    if not _OPERATORS.intersection(tokens):
        return _fits(text, patterns)
    expression = _Expression(tokens, patterns)
    try:
        return expression.whole()
    except (IndexError, ValueError):
        return any(_fits(token, patterns) for token in tokens if token not in _OPERATORS)


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


class _Expression:
    """Reads tokens once, from left to right; AND binds closer than OR."""

    def __init__(self, tokens: list[str], patterns: tuple[str, ...]) -> None:
        self._tokens = tokens
        self._patterns = patterns
        self._at = 0
        self._depth = 0

    def whole(self) -> bool:
        """Whether it is forbidden. Raises IndexError or ValueError when it is no expression."""
        forbidden = self._choice()
        if self._at != len(self._tokens):
            raise ValueError(self._tokens[self._at])
        return forbidden

    def _choice(self) -> bool:
        forbidden = self._all()
        while self._next() == "OR":
            self._at += 1
            other = self._all()
            forbidden = forbidden and other
        return forbidden

    def _all(self) -> bool:
        forbidden = self._one()
        while self._next() == "AND":
            self._at += 1
            other = self._one()
            forbidden = forbidden or other
        return forbidden

    def _one(self) -> bool:
        token = self._tokens[self._at]
        self._at += 1
        if token == "(":
            self._depth += 1
            if self._depth > _DEEPEST:
                raise ValueError(token)
            forbidden = self._choice()
            if self._tokens[self._at] != ")":
                raise ValueError(token)
            self._at += 1
            self._depth -= 1
            return forbidden
        if token in _OPERATORS:
            raise ValueError(token)
        if self._next() == "WITH":
            # An exception only gives leave; the licence itself stays what it is.
            self._at += 2
        return _fits(token, self._patterns)

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

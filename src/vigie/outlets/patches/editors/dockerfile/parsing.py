"""Reads a Dockerfile into instructions that know where each of their signs stands in the file.

Sources: Docker's "Dockerfile reference" (format, parser directives, here-documents), and the
behaviour of BuildKit's `frontend/dockerfile/parser`, which the tests are held against.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from vigie.model.errors import UserError
from vigie.model.text import T, Text

_LARGEST = 1024**2
_MOST_INSTRUCTIONS = 5_000


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


KEYWORDS = listed(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL "
    "STOPSIGNAL USER VOLUME WORKDIR"
)
_WITH_HEREDOC = frozenset({"ADD", "COPY", "RUN"})
_WITH_FLAGS = frozenset({"ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"})
_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$")
_KEYWORD = re.compile(r"\s*([A-Za-z]+)(?=\s|$)")
_FLAG = re.compile(
    r"\s+--(?P<name>[a-z][a-z-]*)(?:=(?P<value>(?:\"[^\"]*\"|'[^']*'|[^\s\"'])*))?(?=\s|$)"
)
_HEREDOC = re.compile(r"\d*<<(?P<chomp>-?)(?P<quote>['\"]?)(?P<name>[^\s<>'\"|;&()]+)(?P=quote)$")
_IGNORE = re.compile(
    r"#\s*(?:hadolint|vigie)\s+(?P<all>global\s+)?ignore\s*=\s*(?P<names>[\w, -]+)"
)


@dataclass(frozen=True, slots=True)
class Flag:
    """`--name=value` behind the keyword; `start` and `end` count in the instruction's code."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `code` is its line without continuations, comments and line ends; `at`
    says for each sign of it where it stands in the file. `start` to `end` is all of it in the
    file, with here-documents and the last line end; `lead` is where the comments right above it
    begin. `body` is where in the code the arguments begin. `ignored` are the rules that comments
    switch off for it.
    """

    keyword: str
    code: str
    at: tuple[int, ...]
    start: int
    end: int
    lead: int
    body: int
    flags: tuple[Flag, ...] = ()
    heredocs: bool = False
    ignored: frozenset[str] = frozenset()

    @property
    def arguments(self) -> str:
        return self.code[self.body :].strip()

    @property
    def argument_list(self) -> tuple[str, ...] | None:
        """The strings of the JSON form, None for the shell form."""
        if not self.arguments.startswith("["):
            return None
        try:
            found = json.loads(self.arguments)
        except (ValueError, RecursionError):
            return None
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            return None
        return tuple(found)

    def flag(self, name: str) -> str | None:
        """The value of a flag, None without it."""
        return next((flag.value for flag in self.flags if flag.name == name), None)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the code stands in the file; an empty one stands behind what precedes
        it."""
        if start >= end:
            place = self.at[start - 1] + 1 if start else self.at[0]
            return place, place
        return self.at[start], self.at[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A parsed file. `ignored` are the rules that are switched off for all of it."""

    text: str
    instructions: tuple[Instruction, ...]
    escape: str = "\\"
    newline: str = "\n"
    directives: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    def line_of(self, place: int) -> int:
        return self.text.count("\n", 0, place) + 1


def parse_dockerfile(text: str, path: str) -> Dockerfile:
    """The instructions of a file. Raises UserError when BuildKit would refuse it, or it is huge."""
    if len(text) > _LARGEST:
        raise _refused(T("{path} is too large to be edited", path=path))
    if "\x00" in text:
        raise _refused(T("{path} is no Dockerfile", path=path))
    return _Reading(text, path).whole()


def _refused(message: Text) -> UserError:
    return UserError(message, T("It was not touched."))


class _Reading:
    """One pass over the lines of a file."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.lines = list(_spans(text))
        self.escape = "\\"
        self.directives: dict[str, str] = {}
        self.everywhere: set[str] = set()

    def whole(self) -> Dockerfile:
        number = self._directives()
        found: list[Instruction] = []
        lead: int | None = None
        ignored: set[str] = set()
        while number < len(self.lines):
            start, end = self.lines[number]
            line = self.text[start:end].strip().removeprefix("\ufeff")
            if line.startswith("#"):
                lead = start if lead is None else lead
                ignored |= self._pragma(line)
                number += 1
            elif not line:
                lead = None
                number += 1
            else:
                one, number = self._instruction(number, start if lead is None else lead, ignored)
                found.append(one)
                lead, ignored = None, set()
        if len(found) > _MOST_INSTRUCTIONS:
            raise _refused(T("{path} is too large to be edited", path=self.path))
        if all(one.keyword != "FROM" for one in found):
            raise _refused(T("{path} has no FROM: it is no Dockerfile", path=self.path))
        newline = "\r\n" if "\r\n" in self.text[: self.text.find("\n") + 1] else "\n"
        return Dockerfile(self.text, tuple(found), self.escape, newline, self.directives,
                          frozenset(self.everywhere))  # fmt: skip

    def _directives(self) -> int:
        """The parser directives; the number of the line behind them."""
        for number, (start, end) in enumerate(self.lines):
            line = self.text[start:end].strip().removeprefix("\ufeff")
            match = _DIRECTIVE.fullmatch(line)
            name = match[1].lower() if match else ""
            if (
                match is None
                or name not in ("syntax", "escape", "check")
                or name in self.directives
            ):
                return number
            self.directives[name] = match[2]
            if name == "escape":
                if match[2] not in ("\\", "`"):
                    raise self._wrong(start)
                self.escape = match[2]
        return len(self.lines)

    def _pragma(self, line: str) -> set[str]:
        match = _IGNORE.match(line)
        if match is None:
            return set()
        names = {name.strip() for name in match["names"].split(",") if name.strip()}
        if match["all"]:
            self.everywhere |= names
            return set()
        return names

    def _instruction(self, number: int, lead: int, ignored: set[str]) -> tuple[Instruction, int]:
        first = self.lines[number][0]
        places, number = self._joined(number)
        code = "".join(self.text[place] for place in places)
        match = _KEYWORD.match(code)
        keyword = match[1].upper() if match else ""
        if match is None or keyword not in KEYWORDS:
            raise self._wrong(first)
        body, flags = match.end(), []
        while keyword in _WITH_FLAGS and (flag := _FLAG.match(code, body)) is not None:
            value = flag["value"] or ""
            flags.append(Flag(flag["name"], value, flag.start("name") - 2, flag.end()))
            body = flag.end()
        if not code[body:].strip():
            raise self._wrong(first)
        inner = code[body:].split(None, 1)[0].upper() if keyword == "ONBUILD" else keyword
        heredocs = list(_heredocs(code[body:])) if inner in _WITH_HEREDOC else []
        for name, chomp in heredocs:
            number = self._behind(number, name, chomp, first)
        end = self.lines[number][0] if number < len(self.lines) else len(self.text)
        return (
            Instruction(keyword, code, tuple(places), first, end, lead, body, tuple(flags),
                        bool(heredocs), frozenset(ignored)),
            number,
        )  # fmt: skip

    def _joined(self, number: int) -> tuple[list[int], int]:
        """Where the signs of the instruction stand that begins on a line, and the next line."""
        places: list[int] = []
        first = True
        while number < len(self.lines):
            start, end = self.lines[number]
            line = self.text[start:end].rstrip("\r\n")
            number += 1
            if not first and (not line.strip() or line.lstrip().startswith("#")):
                continue  # a comment or an empty line does not end it
            cut = self._continued(line)
            places += range(start, start + (len(line) if cut is None else cut))
            first = False
            if cut is None:
                break
        if places and self.text[places[0]] == "\ufeff":
            del places[0]
        return places, number

    def _continued(self, line: str) -> int | None:
        """Where the escape sign stands that continues a line, None when nothing does."""
        bare = line.rstrip(" \t")
        if not bare.endswith(self.escape) or bare[:-1].endswith(self.escape):
            return None
        return len(bare) - 1

    def _behind(self, number: int, name: str, chomp: bool, first: int) -> int:
        """The line behind a here-document."""
        while number < len(self.lines):
            start, end = self.lines[number]
            line = self.text[start:end].rstrip("\r\n")
            number += 1
            if (line.lstrip("\t") if chomp else line) == name:
                return number
        raise self._wrong(first)

    def _wrong(self, place: int) -> UserError:
        line = self.text.count("\n", 0, place) + 1
        return _refused(
            T("line {line} of {path} is no instruction of a Dockerfile", line=line, path=self.path)
        )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, end
        start = end


def _heredocs(code: str) -> Iterator[tuple[str, bool]]:
    """Name and whether tabs are taken off, of each here-document that a line opens."""
    quote = word = ""
    for sign in code + " ":
        if quote:
            quote = "" if sign == quote else quote
            word += sign
        elif sign in "\"'":
            quote = sign
            word += sign
        elif sign.isspace():
            match = _HEREDOC.fullmatch(word)
            if match is not None:
                yield match["name"], bool(match["chomp"])
            word = ""
        else:
            word += sign

"""Splits the shell form of an instruction into commands whose words know where they stand.

No shell: only as much as to tell which program is called with which words. What it does not
understand gives None, and nothing is changed there. Source: POSIX.1-2017, "Shell Command Language".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from vigie.outlets.patches.editors.dockerfile.parsing import Instruction

_OPERATORS = ("&&", "||", ";;", ";", "|&", "|", "&", "(", ")")
_LEADS = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time"})
_CONTROL = _LEADS - {"!", "time"} | {"for", "case", "select", "function", "fi", "done", "esac", "}"}
_ASSIGNED = re.compile(r"[A-Za-z_]\w*\+?=")
_REDIRECTED = re.compile(r"(?:\d*[<>]|&>)")
_BARE_REDIRECT = re.compile(r"(?:\d*(?:<<<?-?|<>|>>|>\||[<>])&?|&>>?)")
_MOST_WORDS = 20_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the code. `value` is what the program gets, None when the shell works it out."""

    raw: str
    value: str | None
    start: int
    end: int

    @property
    def is_option(self) -> bool:
        return self.raw.startswith("-") and self.raw != "-"


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. `before` and `after` are the operators around it, "" at the ends."""

    words: tuple[Word, ...]
    before: str
    after: str

    @property
    def argv(self) -> tuple[Word, ...]:
        """The program and its words, without keywords, assignments, sudo, env and redirections."""
        words = list(self._without_redirects())
        while words:
            first = words[0].raw
            if first in _LEADS or _ASSIGNED.match(first) or first in ("exec", "command", "sudo"):
                sudo = first == "sudo"
                words.pop(0)
                while sudo and words and words[0].is_option:
                    words.pop(0)
            elif first == "env" and len(words) > 1 and _ASSIGNED.match(words[1].raw):
                words.pop(0)
            else:
                break
        return tuple(words)

    @property
    def program(self) -> str:
        """The name of the program without its folder, "" when the shell works it out."""
        argv = self.argv
        return (argv[0].value or "").rpartition("/")[2] if argv else ""

    def _without_redirects(self) -> Iterator[Word]:
        skip = False
        for word in self.words:
            if skip:
                skip = False
            elif _REDIRECTED.match(word.raw):
                skip = _BARE_REDIRECT.fullmatch(word.raw) is not None
            else:
                yield word


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of an instruction. `plain` means that they only follow one another, so that
    one can be put before or behind them."""

    commands: tuple[Command, ...]
    plain: bool

    @property
    def pipes(self) -> bool:
        return any(command.after in ("|", "|&") for command in self.commands)


def script_of(one: Instruction) -> Script | None:
    """The commands of a shell form; None for the JSON form, a here-document or what is not
    understood. Places count in the instruction's code."""
    if one.heredocs or one.arguments.startswith("["):
        return None
    return read_script(one.code, one.body)


@lru_cache(maxsize=1024)  # every rule asks for the same ones
def read_script(code: str, start: int = 0) -> Script | None:
    """The commands of a piece of shell from `start` on; None when it is not understood."""
    tokens = list(_tokens(code, start))
    if not tokens or tokens[-1] is None or len(tokens) > _MOST_WORDS:
        return None
    commands: list[Command] = []
    words: list[Word] = []
    before, plain, depth = "", True, 0
    for token in tokens:
        if isinstance(token, Word):
            words.append(token)
            continue
        sign = token or ""
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return None
        plain = plain and sign in ("&&", "||", ";", "|", "|&", "")
        if words:
            commands.append(Command(tuple(words), before, sign))
        before, words = sign, []
    if words:
        commands.append(Command(tuple(words), before, ""))
    ends_open = before != "" and not words
    plain = plain and not ends_open and not any(_is_control(c) for c in commands)
    return Script(tuple(commands), plain) if depth == 0 and commands else None


def _is_control(command: Command) -> bool:
    return command.words[0].raw in _CONTROL or any(
        word.raw in ("exit", "exec", "return") for word in command.words[:1]
    )


def _tokens(code: str, place: int) -> Iterator[Word | str | None]:
    """Words and operators; a None at the end says that it is not understood."""
    while place < len(code):
        if code[place].isspace():
            place += 1
            continue
        if code[place] == "#":
            yield None  # the rest is a comment for the shell: nothing can be put behind it
            return
        operator = next((o for o in _OPERATORS if code.startswith(o, place)), "")
        if operator and not code.startswith("&>", place):
            if operator == ";;":
                yield None
                return
            yield operator
            place += len(operator)
            continue
        end = _word_end(code, place)
        if end is None:
            yield None
            return
        raw = code[place:end]
        yield Word(raw, _value(raw), place, end)
        place = end


def _word_end(code: str, place: int) -> int | None:
    while place < len(code):
        sign = code[place]
        if sign == "\\":
            place += 2
        elif sign in "'\"`":
            closed = _quote_end(code, place)
            if closed is None:
                return None
            place = closed
        elif code.startswith(("$(", "${"), place):
            closed = _bracket_end(code, place + 1)
            if closed is None:
                return None
            place = closed
        elif sign in "<>" or code.startswith("&>", place):
            if code.startswith(("<(", ">("), place):
                return None
            place += 2 if sign == "&" or code.startswith((">&", "<&"), place) else 1
        elif sign.isspace() or sign in "&|;()":
            return place
        else:
            place += 1
    return len(code) if place == len(code) else None


def _quote_end(code: str, place: int, depth: int = 0) -> int | None:
    quote, place = code[place], place + 1
    while place < len(code):
        if code[place] == "\\" and quote != "'":
            place += 2
        elif code[place] == quote:
            return place + 1
        elif quote == '"' and code.startswith(("$(", "${"), place):
            closed = _bracket_end(code, place + 1, depth + 1)
            if closed is None:
                return None
            place = closed
        else:
            place += 1
    return None


def _bracket_end(code: str, place: int, depth: int = 0) -> int | None:
    """Behind the bracket that closes the one at `place`."""
    opening = code[place]
    closing = ")" if opening == "(" else "}"
    if depth > _DEEPEST:
        return None
    place += 1
    while place < len(code):
        sign = code[place]
        if sign == closing:
            return place + 1
        if sign == "\\":
            place += 2
        elif sign in "'\"`" or (sign == opening == "(") or code.startswith(("$(", "${"), place):
            if sign in "'\"`":
                closed = _quote_end(code, place, depth + 1)
            else:
                closed = _bracket_end(code, place + (sign == "$"), depth + 1)
            if closed is None:
                return None
            place = closed
        else:
            place += 1
    return None


def _value(raw: str) -> str | None:
    """What the program gets for a word; None with an expansion, a pattern or an escape in it."""
    found, place = "", 0
    while place < len(raw):
        sign = raw[place]
        if sign == "'":
            end = raw.find("'", place + 1)
            found, place = found + raw[place + 1 : end], end + 1
        elif sign == '"':
            end = raw.find('"', place + 1)
            inner = raw[place + 1 : end]
            if end < 0 or any(one in inner for one in "$`\\"):
                return None
            found, place = found + inner, end + 1
        elif sign in "$`\\*?[{<>" or (sign == "~" and place == 0):
            return None
        else:
            found, place = found + sign, place + 1
    return found

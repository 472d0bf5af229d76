"""Titles and bodies that say what they should and do nothing else: notify nobody, command
nothing, and stay within a system's limits."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from vigie.model.printable import clean

_BREAK = "\u200b"  # zero-width space: nobody sees it, and no name begins after it
_MENTION = re.compile(r"@(?=\w)")
_COMMAND = re.compile(r"^/", re.MULTILINE)
_TICKS = re.compile(r"`+")

GFM = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def plain(markdown: str) -> str:
    """The text without what steers terminals and pages; lines end in one way."""
    return clean(markdown.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(title: str, most: int) -> str:
    """A title: printable, on one line, not empty, at most `most` characters."""
    line = " ".join(clean(title).split()) or "?"
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def cut(text: str, most: int) -> str:
    """A text of at most `most` characters that ends at a line and says when it was cut."""
    if len(text) <= most:
        return text
    room = most - 16
    end = text.rfind("\n", room // 2, room)
    kept = text[: end if end > 0 else room]
    fence = _open_fence(kept)
    return f"{kept}\n{fence}\n\n…" if fence else f"{kept}\n\n…"


def _open_fence(text: str) -> str:
    """What closes the code that the text ends in, "" when it ends in none."""
    if "```" not in text and "~~~" not in text:
        return ""
    tokens = GFM.parse(text)
    last = next((one for one in reversed(tokens) if one.nesting == 0 and one.map), None)
    if last is None or last.type != "fence" or last.map is None:
        return ""
    lines = text.splitlines()
    closing = lines[last.map[1] - 1].strip() if last.map[1] - last.map[0] > 1 else ""
    return (
        "" if closing.startswith(last.markup) and not closing.strip(last.markup[0]) else last.markup
    )


def unmentioned(line: str) -> str:
    """A line in which every @ calls nobody."""
    return _MENTION.sub(f"@{_BREAK}", line)


def uncommanded(text: str) -> str:
    """A text in which no line is a quick action of GitLab: those begin at the very margin."""
    return _COMMAND.sub(" /", text)


def quiet(markdown: str, most: int) -> str:
    """Markdown that mentions nobody, of what fits into `most` characters. Code stays to the
    letter: nobody is called from there, and people copy it (`npm install @scope/name`)."""
    text = cut(plain(markdown), most)
    if "@" not in text:
        return text
    lines = text.split("\n")
    done: set[int] = set()
    for token in GFM.parse(text):
        if token.map is None:
            continue
        start, end = token.map[0], min(token.map[1], len(lines))
        if token.type in ("fence", "code_block"):
            done.update(range(start, end))
            if token.type == "fence":
                lines[start] = unmentioned(lines[start])
        elif token.type == "inline" and start not in done:
            done.update(range(start, end))
            lines[start:end] = _outside_code("\n".join(lines[start:end])).split("\n")
    return "\n".join(
        line if index in done else unmentioned(line) for index, line in enumerate(lines)
    )


def _outside_code(text: str) -> str:
    """One paragraph with its mentions broken except in code spans (CommonMark 6.1: as many
    backticks close as opened, and an escaped one opens nothing)."""
    runs = [(one.start(), one.end()) for one in _TICKS.finditer(text)]
    closings = _closings(runs)
    parts: list[str] = []
    at = index = 0
    while index < len(runs):
        start, closing = runs[index][0], closings[index]
        if closing is None or _escaped(text, start):
            index += 1
            continue
        parts += [unmentioned(text[at:start]), text[start : runs[closing][1]]]
        at, index = runs[closing][1], closing + 1
    return "".join([*parts, unmentioned(text[at:])])


def _closings(runs: list[tuple[int, int]]) -> list[int | None]:
    """For each run of backticks the next one that is as long."""
    found: list[int | None] = [None] * len(runs)
    nearest: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        width = runs[index][1] - runs[index][0]
        found[index] = nearest.get(width)
        nearest[width] = index
    return found


def _escaped(text: str, at: int) -> bool:
    before = at
    while before and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1

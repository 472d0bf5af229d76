"""Reads Markdown pages as somebody would follow them: files to write, commands to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(
    r"^```(?P<lang>[\w-]*)(?: title=\"(?P<title>[^\"]+)\")?[^\n]*\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file it is (or ""), and its text."""

    lang: str
    title: str
    body: str


def pages() -> list[Path]:
    """Every page that people read, but not what the examples hold."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(found)


def blocks(page: Path) -> Iterator[Block]:
    for match in _FENCE.finditer(page.read_text(encoding="utf-8")):
        yield Block(match["lang"], match["title"] or "", match["body"])


def commands(page: Path) -> Iterator[str]:
    """Every command line of the page; lines that end in a backslash are joined.

    In `console` blocks those after `$ `; in `sh` blocks without a title every line, without
    its comment.
    """
    for block in blocks(page):
        text = block.body.replace("\\\n", " ")
        for line in text.splitlines():
            if block.lang == "console" and line.startswith("$ "):
                yield line.removeprefix("$ ").strip()
            elif block.lang in ("sh", "bash") and not block.title and line.strip():
                yield line.partition(" #")[0].strip()

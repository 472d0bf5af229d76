"""The logical lines of a requirements file: joined, without comments, with what these say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_LONGEST = 64 * 1024  # characters of one line with everything that it continues on


@dataclass(slots=True)
class Line:
    """One requirement or option. `number` is the line it begins on, `remarks` the comments on
    it and directly below it."""

    text: str
    number: int
    remarks: list[str] = field(default_factory=list)

    def via(self) -> list[str]:
        """Who asks for it, as pip-compile and uv remark it: names, and "-r file" for a file.

        Constraints ("-c file") ask for nothing.
        """
        found: list[str] = []
        inside = False
        for remark in self.remarks:
            word, _, rest = remark.partition(" ")
            if word == "via":
                inside = True
                remark = rest  # noqa: PLW2901  the same line says the first
            elif not inside:
                continue
            for part in remark.split(","):
                name = part.strip()
                if name and not name.startswith("-c "):
                    found.append(name if name.startswith("-") else name.partition(" ")[0])
        return found


def logical_lines(text: str) -> Iterator[Line]:
    """Every line that says something; a backslash at its end joins the next one."""
    last: Line | None = None
    held, start = "", 0
    for number, raw in enumerate(text.splitlines(), start=1):
        stripped = raw.strip()
        if stripped.startswith("#") and not held:
            if last is not None:
                last.remarks.append(stripped.lstrip("# ").strip())
            continue
        if not held:
            start = number
        comment = _COMMENT.search(raw)
        plain = _COMMENT.sub("", raw)
        if plain.endswith("\\") and len(held) < _LONGEST:
            held += plain[:-1] + " "
            continue
        whole = (held + plain).strip()
        held = ""
        if not whole:
            last = None
            continue
        last = Line(whole, start)
        if comment is not None:
            last.remarks.append(comment.group().strip().lstrip("# ").strip())
        yield last
    if held.strip():
        yield Line(held.strip(), start)

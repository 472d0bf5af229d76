"""The unified diff of edits, as `patch -p1` and `git apply` take it.

Source: GNU diffutils, "Detailed Description of Unified Format"; git-diff's "a/" and "b/".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from vigie.ports.patches import Edit

_CONTEXT = 3
_PLAIN = re.compile(r"[\w./@+=,:~-]+(?: [\w./@+=,:~-]+)*")
# Comparing line by line is quadratic at worst; a long file with many changes is one hunk then.
_MOST_COMPARED = 20_000


def unified(edits: Iterable[Edit]) -> str:
    """The edits that change something, in the order they come; "" for none."""
    return "".join("".join(_file(edit)) for edit in edits if edit.before != edit.after)


def _file(edit: Edit) -> Iterator[str]:
    old, new = _lines(edit.before), _lines(edit.after)
    tab = "\t" if " " in edit.path else ""  # ends a name that has spaces, for patch(1)
    yield f"--- {_name('a', edit.path)}{tab}\n"
    yield f"+++ {_name('b', edit.path)}{tab}\n"
    for group in _groups(old, new):
        yield _header(group)
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from _marked(" ", old[i1:i2])
            else:
                yield from _marked("-", old[i1:i2])
                yield from _marked("+", new[j1:j2])


def _lines(text: str) -> list[str]:
    """Lines end at "\\n" and nowhere else, as the tools that apply it see them."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


Change = tuple[str, int, int, int, int]


def _groups(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Change]]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    changes: list[Change] = [("equal", 0, head, 0, head)]
    if len(a) + len(b) > _MOST_COMPARED:
        changes.append(("replace", head, head + len(a), head, head + len(b)))
    else:
        matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
        changes += [
            (tag, i1 + head, i2 + head, j1 + head, j2 + head)
            for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        ]
    changes.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return _hunks(
        [change for change in changes if change[1:3] != change[3:5] or change[2] > change[1]]
    )


def _hunks(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Changes with three lines around them; those that lie close together are one hunk."""
    hunk: list[Change] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(changes):
        if tag != "equal":
            hunk.append((tag, i1, i2, j1, j2))
            continue
        last = number == len(changes) - 1
        if hunk and (last or i2 - i1 > 2 * _CONTEXT):
            size = min(_CONTEXT, i2 - i1)
            hunk.append((tag, i1, i1 + size, j1, j1 + size))
            yield hunk
            hunk = []
        if not hunk and not last:
            size = min(_CONTEXT, i2 - i1)
            hunk = [(tag, i2 - size, i2, j2 - size, j2)]
        elif not last:
            hunk.append((tag, i1, i2, j1, j2))
    if any(change[0] != "equal" for change in hunk):
        yield hunk


def _header(group: Sequence[Change]) -> str:
    first, last = group[0], group[-1]
    return f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"


def _range(start: int, end: int) -> str:
    length = end - start
    return f"{start + 1 if length else start},{length}"


def _marked(sign: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield sign + line
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"


def _name(side: str, path: str) -> str:
    """A path as git writes it: in C quotes when it holds what a diff could mistake."""
    name = f"{side}/{path}"
    if _PLAIN.fullmatch(name):
        return name
    quoted = "".join(
        f"\\{byte:03o}"
        if byte < 0x20 or byte >= 0x7F
        else {'"': '\\"', "\\": "\\\\"}.get(chr(byte), chr(byte))
        for byte in name.encode("utf-8", "surrogateescape")
    )
    return f'"{quoted}"'

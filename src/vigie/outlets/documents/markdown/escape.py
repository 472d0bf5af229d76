"""Text of a report inside Markdown: shown as it is, doing nothing."""

from __future__ import annotations

import re

from vigie.outlets.phrases.figures import line

# Marks wherever they stand, and marks that only act before something (CommonMark 0.31,
# "Backslash escapes"; GitHub Flavored Markdown, "Autolinks"; `:shortcode:` emoji).
_MARKS = re.compile(r"[\\`*_{}\[\]<>|~$^#]|&(?=[#\w])|:(?=[/\w+-])|(?<=www)\.")
_LEADING = re.compile(r"^([-+=]|\d+(?=[.)]))")
# What GitHub and GitLab turn into mentions and references after Markdown is done: people,
# issues, merge requests, labels, milestones, snippets, epics. A word joiner breaks them.
_REFERENCE = re.compile(r"([@#!~%$&])(?=[\w\"])")
_JOINER = "\u2060"
_TICKS = re.compile(r"`+")
_LINK = re.compile(r"https?://[!#-;=?-Z_a-z~%]+", re.ASCII)


def text(raw: str, longest: int = 0) -> str:
    """Plain words on one line, with every mark, mention and link in them disarmed."""
    joined = _REFERENCE.sub(rf"\1{_JOINER}", line(raw, longest))
    escaped = _MARKS.sub(lambda mark: f"\\{mark[0]}", joined)
    return _LEADING.sub(_disarm_leading, escaped)


def _disarm_leading(mark: re.Match[str]) -> str:
    return f"{mark[0]}{_JOINER}" if mark[0].isdigit() else f"\\{mark[0]}"


def code(raw: str, longest: int = 0, *, in_table: bool = True) -> str:
    """A code span, in which nothing is a mark or a mention; "" for nothing.

    Inside a table a pipe ends the cell even in a code span, so it is escaped.
    """
    inner = line(raw, longest)
    if not inner:
        return ""
    fence = "`" * (max((len(ticks) for ticks in _TICKS.findall(inner)), default=0) + 1)
    if inner[0] in "`" or inner[-1] in "`":
        inner = f" {inner} "
    span = f"{fence}{inner}{fence}"
    return span.replace("|", "\\|") if in_table else span


def link(label: str, address: str) -> str:
    """A link when the address is plainly one, else only its label. `label` is Markdown."""
    if not _LINK.fullmatch(address) or len(address) > 300:
        return label
    return f"[{label}](<{address.replace('|', '%7C')}>)"

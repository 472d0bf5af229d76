"""How a ticket is recognised again: what Vigie writes into it, and what it looks for."""

from __future__ import annotations

import re

from vigie.model.identity import digest
from vigie.model.printable import clean
from vigie.model.severity import Severity
from vigie.ports.tickets import Draft

_SIMPLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}\Z")
_MARK = re.compile(r"<!-- vigie:([a-z0-9._-]{1,60}) -->")
_NO_LABEL = re.compile(r"[\s,\"'&<>]+")
_LONGEST_LABEL = 50  # GitHub's; the others allow more

SEVERITIES = {severity: f"severity-{severity}" for severity in Severity}
SHARED = "vigie"


def key_label(key: str) -> str:
    """The key as one word that every system takes for a label: at most 50 of [a-z0-9._-]."""
    return f"vigie-{key if _SIMPLE.match(key) else digest('ticket', key)}"


def group_label(key: str) -> str:
    """One of 256 labels. A system whose labels are a list that people choose from does not get
    one for each ticket, and looking for a ticket still reads few of them."""
    return f"vigie-{digest('ticket', key, length=2)}"


def marked(key: str, body: str) -> str:
    """The body with the key before it, where no page shows it. The first mark is the one that
    counts, so what follows may hold anything."""
    return f"<!-- vigie:{key_label(key)} -->\n\n{body}"


def carries(key: str, body: str) -> bool:
    """Whether this is the body of the ticket of that key."""
    found = _MARK.search(body)
    return found is not None and found[1] == key_label(key)


def labels(draft: Draft) -> list[str]:
    """The labels that a draft asks for, without the one it is found by."""
    severity = [SEVERITIES[draft.severity]] if draft.severity is not Severity.UNKNOWN else []
    own = (_NO_LABEL.sub("-", clean(label).strip())[:_LONGEST_LABEL] for label in draft.labels)
    return list(dict.fromkeys([SHARED, *severity, *filter(None, own)]))


def kept(present: list[str], wanted: list[str]) -> list[str]:
    """What people put on a ticket with what is wanted, without a severity that it had before."""
    theirs = [one for one in present if one not in SEVERITIES.values()]
    return list(dict.fromkeys([*theirs, *wanted]))

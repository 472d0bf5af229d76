"""What people ask the platform all day: addresses with values that the made-up company has."""

from __future__ import annotations

import random
from collections.abc import Sequence
from urllib.parse import urlencode

from bench.company.data import NOW, STACKS, TEAMS, WORDS

_FACETS = "severity,status,kind,decision"


def lists(chance: random.Random, count: int, *, searched: bool) -> list[str]:
    """Lists of findings with three filters and facets, and a search for a word when asked for."""
    found = []
    for number in range(count):
        question = _QUESTIONS[number % len(_QUESTIONS)]
        asked = {"facets": _FACETS}
        for name, value in question.items():
            asked[name] = value if isinstance(value, str) else chance.choice(value)
        if searched:
            asked["q"] = _word(chance)
        found.append(f"/api/v1/findings?{urlencode(asked)}")
    return found


def assets(ids: Sequence[str]) -> list[str]:
    """One asset each."""
    return [f"/api/v1/assets/{one}" for one in ids]


def overviews() -> list[str]:
    """The overview, as it is opened in the morning."""
    return ["/api/v1/overview", "/api/v1/overview?days=90"]


def _word(chance: random.Random) -> str:
    """A well-known name, part of a name, a package, an advisory, an asset, or two words."""
    stack, one, other = chance.choice(STACKS), chance.choice(WORDS), chance.choice(WORDS)
    advisory = f"cve-{2015 + chance.randrange(11)}-1{chance.randrange(100):02}"
    asset = f"{one}-{chance.randrange(100)}"
    words = (stack, stack, one, one + other, advisory, asset, f"{stack} overflow")
    return chance.choice(words)


# A value out of several is picked anew each time.
_QUESTIONS: tuple[dict[str, str | tuple[str, ...]], ...] = (
    # What is bad, open, and a flaw in a package.
    {"severity": "critical,high", "status": "open", "kind": "vulnerability"},
    # What can be fixed today.
    {"severity": "critical", "fixable": "true", "counts": "true"},
    {"decision": "act now", "status": "open,under_investigation", "kind": "vulnerability"},
    # A team looks at its own.
    {"owner": TEAMS[1:], "severity": "critical,high", "counts": "true",
     "facets": "severity,decision,asset_kind"},
    {"asset_kind": "image", "exposure": "open", "severity.not": "low,none,unknown"},
    {"label": "env:prod", "decision": "act now,plan", "fixable": "true"},
    # What came in lately.
    {"first_seen.ge": tuple(f"{NOW.year - 1}-12-{day:02}T00:00:00Z" for day in range(1, 29)),
     "severity": "critical,high", "status": "open"},
    {"kev": "true", "status": "open", "severity": "critical"},
    {"epss.ge": "0.5", "fixable": "true", "severity": "high,critical", "sort": "-epss"},
    # What was put aside.
    {"status": "not_affected,suppressed", "severity": "medium,high,critical",
     "kind": "vulnerability,misconfiguration"},
    {"component_type": ("npm", "pypi", "deb", "maven"), "severity": "medium,high",
     "status": "open"},
    # In the order they came.
    {"kind": "misconfiguration,secret", "criticality": "high", "counts": "true",
     "sort": "-first_seen", "limit": "100"},
)  # fmt: skip

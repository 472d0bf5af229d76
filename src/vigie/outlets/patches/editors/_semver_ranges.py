"""Ranges of npm and Cargo: whether a version is inside, and the same range raised to it.

Sources: node-semver's README "Ranges"; The Cargo Book, "Specifying Dependencies".
"""

from __future__ import annotations

import re
from functools import lru_cache

from semantic_version import NpmSpec, Version

_SIMPLE = re.compile(r"(?P<operator>[\^~=]|>=)?(?P<space>\s*)v?(?P<version>\d[0-9A-Za-z.+-]*)")
_LONGEST = 500


@lru_cache(maxsize=10_000)
def allows(asked: str, version: str, *, cargo: bool = False) -> bool | None:
    """True when the range lets the version in; None when the range is no range of versions."""
    if len(asked) > _LONGEST:
        return None
    text = _as_npm(asked) if cargo else asked.strip()
    if text in ("", "*", "latest", "x"):
        return True
    try:
        return bool(NpmSpec(text).match(Version(version)))
    except (ValueError, AttributeError, TypeError):  # its parser stumbles over "1 - 2" gone wrong
        return None


def _as_npm(asked: str) -> str:
    """Cargo's requirement as npm writes it: a bare version has a caret, a comma is a space."""
    parts = [part.strip() for part in asked.split(",")]
    return " ".join(f"^{part}" if part[:1].isdigit() and "*" not in part else part
                    for part in parts)  # fmt: skip


def raised(asked: str, version: str) -> str:
    """The range with its operator kept and `version` in it: "~1.2" becomes "~1.4.1".

    A range of several parts becomes a caret range, which leaves out what is older.
    """
    found = _SIMPLE.fullmatch(asked.strip())
    if found is None:
        return f"^{version}"
    return f"{found['operator'] or ''}{found['space']}{version}"


def lowest(asked: str) -> str:
    """The version that a simple range begins with; "" for one of several parts."""
    found = _SIMPLE.fullmatch(asked.strip())
    return found["version"] if found is not None else ""


def above(version: str, other: str) -> bool:
    """True when `version` is higher; spelled with a "v", with few numbers or with a build."""
    return _key(version) > _key(other)


def _key(version: str) -> tuple[tuple[int, ...], bool, list[tuple[bool, int, str]]]:
    """How semver.org item 11 orders: the numbers, then pre-releases before the release."""
    numbers, _, before = version.removeprefix("v").partition("+")[0].partition("-")
    release = tuple(int(part) if part.isdigit() else 0 for part in numbers.split("."))
    parts = [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in before.split(".")]
    return (*release, 0, 0, 0)[:4], not before, parts

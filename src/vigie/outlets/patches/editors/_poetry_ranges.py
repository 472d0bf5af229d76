"""Poetry's version constraints: whether a version is inside, and the same raised to it.

Source: Poetry's documentation, "Dependency specification".
"""

from __future__ import annotations

import re

from packaging.version import InvalidVersion, Version

from vigie.outlets.patches.editors import _python_ranges as pep440

_SIMPLE = re.compile(r"(?P<operator>[\^~]|==)?(?P<space>\s*)(?P<version>\d[\w.+!-]*)")


def allows(asked: str, version: str) -> bool:
    """True when the constraint lets the version in. Raises ValueError when it is none."""
    return any(_inside(part.strip(), version) for part in re.split(r"\|\|?", asked))


def raised(asked: str, version: str, *, floor: bool) -> str:
    """The constraint so that it asks for `version`; with `floor` nothing older is let in.

    Raises ValueError when it cannot be understood.
    """
    if allows(asked, version) and (not floor or not _lower(asked, version)):
        return asked
    found = _SIMPLE.fullmatch(asked.strip())
    if found is not None:
        return f"{found['operator'] or ''}{found['space']}{version}"
    if "|" in asked or asked.strip() == "*" or any(sign in asked for sign in "^~*"):
        return f"^{version}"
    return pep440.raised(asked, version, floor=floor)


def _lower(asked: str, version: str) -> bool:
    """True when something older than `version` may be inside."""
    found = _SIMPLE.fullmatch(asked.strip())
    if found is None:
        return pep440.raised(asked, version, floor=True) != asked if _is_pep440(asked) else True
    return Version(found["version"]) < Version(version)


def _is_pep440(asked: str) -> bool:
    return not any(sign in asked for sign in "^|*") and not re.search(r"~(?!=)", asked)


def _inside(asked: str, version: str) -> bool:
    try:
        wanted = Version(version)
        if asked in ("", "*"):
            return True
        if "," in asked:
            return all(_inside(part.strip(), version) for part in asked.split(","))
        found = _SIMPLE.fullmatch(asked)
        if found is None:
            spelled = f"=={asked}" if asked.endswith("*") and asked[0].isdigit() else asked
            return pep440.allows(spelled, version)
        floor = Version(found["version"])
        if found["operator"] in (None, "=="):
            return wanted == floor
        return floor <= wanted < _ceiling(found["operator"], floor)
    except InvalidVersion as error:
        raise ValueError(str(error)) from None


def _ceiling(operator: str, floor: Version) -> Version:
    numbers = list(floor.release)
    if operator == "^":
        place = next((i for i, n in enumerate(numbers) if n), len(numbers) - 1)
    else:
        place = min(1, len(numbers) - 1)
    return Version(".".join(map(str, [*numbers[:place], numbers[place] + 1])))

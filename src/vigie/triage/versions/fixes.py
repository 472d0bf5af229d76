"""Fixes: which of the versions that are named as fixed is the lowest that suffices."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.triage.forgetting import kept
from vigie.triage.packages import plain_version
from vigie.triage.versions.keys import LONGEST
from vigie.triage.versions.schemes import compare, order

_SEPARATOR = re.compile(r"\s*(?:,|\|\||\s+or\s+)\s*")
# "!" begins an operator or stands behind an epoch of PyPI ("1!2.0").
_BOUND = re.compile(r"(~>|>=|<=|!=|==|[<>=^~])?\s*((?:[^\s<>=!]|(?<=[0-9])!(?=[0-9]))+)")
_NUMBERS = re.compile(r"[0-9]+")


@kept(50_000)
def normalise(versions: tuple[str, ...]) -> tuple[str, ...]:
    """Fixed versions one each: "2.1, 1.9" is two, ">=4.1 <5" is 4.1; upper bounds and bounds
    that are themselves left out ("(1.0,", ">1.0") name no fixed version."""
    found: dict[str, None] = {}
    open_floor = ""
    for piece in (piece for said in versions for piece in _SEPARATOR.split(said.strip())):
        bounds = _BOUND.findall(piece)
        if len([op for op, _ in bounds if not op]) > 1:
            continue  # words, not versions
        for operator, text in bounds:
            version = _inclusive(operator, text)
            if not version:
                continue
            # Ruby writes a branch and the fix on it as "~> 5.2.4, >= 5.2.4.3".
            if open_floor and version.startswith(f"{open_floor}."):
                found.pop(open_floor, None)
            open_floor = version if operator == "~>" else ""
            found[version] = None
    return tuple(found)


def _inclusive(operator: str, text: str) -> str:
    """The version, "" when the bound leaves it out or is an upper one."""
    if operator in ("<", "<=", "!=", ">") or text.startswith("("):
        return ""
    if text.startswith("["):  # Maven: "[1.2,2.0)"
        return text.strip("[]")
    return "" if text.endswith((")", "]")) else text


def lowest_sufficient(kind: str, installed: str, said: Iterable[tuple[str, ...]]) -> str:
    """The lowest version above `installed` that is fixed in every source's eyes; "" for none.

    Each item of `said` is one source's fixed versions. A source that names 2.0 does not deny
    that 1.5.3 has the fix as well, so the lowest of them all wins, unless another source
    names only a higher one on the same branch: then that higher one is what suffices.
    """
    sources = [
        [v for v in order(kind, versions) if _is_above(kind, v, installed)] for versions in said
    ]
    sources = [versions for versions in sources if versions]
    if not sources:
        return ""
    chosen = order(kind, (versions[0] for versions in sources))[0]
    for versions in sources:
        on_branch = [v for v in versions if _branch(kind, v) == _branch(kind, chosen)]
        if on_branch and (compare(kind, on_branch[0], chosen) or 0) > 0:
            chosen = on_branch[0]
    return chosen


def _is_above(kind: str, version: str, installed: str) -> bool:
    if kind in SYSTEM_TYPES and ":" in installed and ":" not in version:
        installed = plain_version(installed)  # some tools leave the epoch out of the fix
    return (compare(kind, version, installed) or 0) > 0


def _branch(kind: str, version: str) -> str:
    """Versions of one branch get their fixes after one another: 1.5.2 and 1.5.3."""
    if kind in SYSTEM_TYPES:
        return ""  # a distribution release has one line of versions
    epoch, text = _epoch(version)
    return ".".join([epoch, *_NUMBERS.findall(text)[:2]])


def jump(kind: str, installed: str, target: str) -> str:
    """How far an upgrade goes: "patch", "minor", "major", or "" when it cannot be told."""
    if kind in SYSTEM_TYPES:
        return "patch" if compare(kind, installed, target) is not None else ""
    (old_epoch, old_text), (new_epoch, new_text) = _epoch(installed), _epoch(target)
    old = [int(n) for n in _NUMBERS.findall(old_text[:LONGEST])[:3]]
    new = [int(n) for n in _NUMBERS.findall(new_text[:LONGEST])[:3]]
    if not old or not new:
        return ""
    if old_epoch != new_epoch:
        return "major"
    old, new = old + [0] * (3 - len(old)), new + [0] * (3 - len(new))
    return next(
        (name for name, a, b in zip(("major", "minor"), old, new, strict=False) if a != b), "patch"
    )


def _epoch(version: str) -> tuple[str, str]:
    """The epoch of PyPI's "1!2.0", and the rest."""
    epoch, _, text = plain_version(version).rpartition("!")
    return epoch, text

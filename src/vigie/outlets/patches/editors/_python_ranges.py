"""Python requirements: the smallest change of their text that asks for a version and no older.

Sources: PEP 508 and PyPA "Dependency specifiers", PyPA "Version specifiers" (PEP 440).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_NAME = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\s*(?P<extras>\[[^\]]*\]))?"
)
_CLAUSE = re.compile(r"(?P<operator>===|==|~=|!=|<=|>=|<|>)(?P<space>\s*)(?P<version>[^\s,;()]+)")
_SEPARATORS = re.compile(r"[-_.]+")
_LONGEST = 4096


def normal_name(name: str) -> str:
    """PEP 503."""
    return _SEPARATORS.sub("-", name).lower()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement in a text: `start` and `end` bound its specifiers, "" when it has none.

    `address` is True for "name @ URL", which no version can be chosen for.
    """

    name: str
    start: int
    end: int
    specifiers: str
    address: bool = False


def parse_requirement(text: str) -> Requirement | None:
    """The requirement that a text begins with; None when it is none."""
    found = _NAME.match(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    rest = text[found.end() :]
    if rest.lstrip().startswith("@"):
        return Requirement(found["name"], found.end(), found.end(), "", address=True)
    body = re.split(r";|\s#|\s--", rest, maxsplit=1)[0].rstrip().rstrip("\\").rstrip()
    clauses = list(_CLAUSE.finditer(body))
    between = _CLAUSE.sub("", body).replace(",", "").strip(" ()\t")
    if between:
        return None
    if not clauses:
        return Requirement(found["name"], found.end(), found.end(), "")
    start, end = clauses[0].start(), clauses[-1].end()
    return Requirement(found["name"], found.end() + start, found.end() + end, body[start:end])


def exact_version(specifiers: str) -> str:
    """The version of "==1.2.3"; "" when it asks for anything else."""
    clauses = _CLAUSE.findall(specifiers)
    if len(clauses) != 1 or clauses[0][0] not in ("==", "===") or clauses[0][2].endswith("*"):
        return ""
    return str(clauses[0][2])


def same_version(a: str, b: str) -> bool:
    """True when both are one version, however they are spelled."""
    try:
        return Version(a) == Version(b)
    except InvalidVersion:
        return a == b


def allows(specifiers: str, version: str) -> bool:
    """True when the version is one of those asked for. Raises ValueError."""
    try:
        return SpecifierSet(specifiers).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion) as error:
        raise ValueError(str(error)) from None


def raised(specifiers: str, version: str, *, floor: bool) -> str:
    """The specifiers so that they ask for `version`; unchanged when that is so already.

    With `floor` older versions are excluded, too (no lock file keeps them out). Raises
    ValueError when they cannot be understood or exclude just this version.
    """
    wanted = Version(version)
    if not specifiers:
        return f">={version}" if floor else ""
    inside = allows(specifiers, version)
    if exact_version(specifiers):
        return specifiers if inside else _CLAUSE.sub(lambda c: _with(c, version), specifiers)
    if inside and (not floor or _floor(specifiers) >= wanted):
        return specifiers
    changed = _CLAUSE.sub(lambda clause: _moved(clause, version, floor), specifiers)
    if floor and _floor(changed) < wanted:
        gap = ", " if ", " in specifiers else ","
        changed = f"{changed}{gap}>={version}"
    if not allows(changed, version):
        raise ValueError(f"{specifiers} leaves {version} out")
    return changed


def _floor(specifiers: str) -> Version:
    """The highest version that all allowed ones are not below."""
    lowest = Version("0.dev0")
    for operator, _, text in _CLAUSE.findall(specifiers):
        if operator in (">=", "~=", "==", "===") and not text.endswith("*"):
            lowest = max(lowest, Version(text))
        elif operator == "==":
            lowest = max(lowest, Version(text.removesuffix(".*")))
    return lowest


def _moved(clause: re.Match[str], version: str, floor: bool) -> str:
    operator, text = clause["operator"], clause["version"]
    wanted = Version(version)
    if operator == "!=":
        return clause[0]
    if operator in (">=", ">"):
        if not floor and allows(clause[0], version):
            return clause[0]
        return f">={clause['space']}{version}" if Version(text) < wanted else clause[0]
    if allows(clause[0], version):
        return clause[0]
    if operator == "<":
        return _with(clause, _above(Version(text), wanted))
    if operator == "~=" or text.endswith(".*"):
        parts = len(Version(text.removesuffix(".*")).release)
        numbers = (*wanted.release, 0, 0, 0, 0)[:parts]
        return _with(clause, ".".join(map(str, numbers)) + (".*" if text.endswith("*") else ""))
    return _with(clause, version)  # <=, ==


def _above(bound: Version, wanted: Version) -> str:
    """An upper bound as coarse as the old one: "<2.0" becomes "<4.0" for 3.1."""
    release = bound.release
    last = max((i for i, number in enumerate(release) if number), default=0)
    numbers = [*(*wanted.release, 0, 0, 0, 0)[: last + 1]]
    numbers[-1] += 1
    return ".".join(map(str, (*numbers, *[0] * (len(release) - last - 1))))


def _with(clause: re.Match[str], version: str) -> str:
    return f"{clause['operator']}{clause['space']}{version}"

"""Advisories: what a database says about which versions of a package are vulnerable.

Source: the OSV schema, https://ossf.github.io/osv-schema/ ("affected", "Evaluation").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vigie.model.observations import Score


class RangeType(StrEnum):
    """How the versions of a range are ordered. Ranges of commits ("GIT") match no package."""

    ECOSYSTEM = "ECOSYSTEM"
    SEMVER = "SEMVER"


class EventKind(StrEnum):
    """What happens at a version of a range."""

    INTRODUCED = "introduced"
    FIXED = "fixed"
    LAST_AFFECTED = "last_affected"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Range:
    """Events in the order they were given, each as (kind, version). "0" is before all."""

    type: RangeType
    events: tuple[tuple[EventKind, str], ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """One package that an advisory is about.

    `ecosystem` as OSV writes it ("PyPI", "Debian:12", "Ubuntu:22.04:LTS"), `name` as that
    ecosystem does, normalised for look-up (PyPI: PEP 503). `versions` are listed one by one.
    `severity` is the word that holds for this package alone (Debian's urgency, Ubuntu's
    priority), `scores` likewise. `symbols` are vulnerable functions, when named.
    """

    advisory: str
    ecosystem: str
    name: str
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    severity: str = ""
    scores: tuple[Score, ...] = ()
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advisory:
    """The record itself. Dates are ISO 8601 or "". `withdrawn` ones count no more.

    `upstream` are the flaws that a distribution's record is about (OSV "upstream").
    """

    id: str
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    severity: str = ""
    scores: tuple[Score, ...] = ()
    weaknesses: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    withdrawn: str = ""

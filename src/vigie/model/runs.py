"""Runs and problems: what was executed or read, and what went wrong without stopping the rest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vigie.model.assets import Asset
from vigie.model.observations import Kind
from vigie.model.text import Text


class Outcome(StrEnum):
    """`PARTIAL` has some results and a reason why not all; `FAILED` has none."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class ProblemCode(StrEnum):
    """What sort of problem; a gate decides by these."""

    RECORD = "record"  # a record of a report could not be read; names it
    REPORT = "report"  # the report is empty, truncated or says itself that something failed
    MISSING = "missing"  # a scanner that was asked for is not here
    SKIPPED = "skipped"  # a scanner that does not handle this target
    CRASHED = "crashed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    STALE = "stale"  # its database is too old
    PLUG = "plug"  # a third-party plug is broken and was disabled
    INPUT = "input"  # a side input (KEV, EPSS, VEX, corrections) has something wrong
    NOTE = "note"  # worth knowing; the result is whole all the same


@dataclass(frozen=True, slots=True)
class Problem:
    """What, where and what to do. `record` names the report's record if it is about one."""

    code: ProblemCode
    message: Text
    where: str = ""
    hint: Text | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a tool can see: kinds of findings, and purl types (empty: not about packages)."""

    kinds: frozenset[Kind]
    ecosystems: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one tool on one asset, or one report read.

    `records` counts what the report holds, independently of what was made of it;
    `records == observations + problems that name a record` always holds. `passed` counts
    the observations whose verdict is pass. Dates are ISO 8601 or "". `asset` is the id of
    an asset of the result. `file` is where the report was read from, "" if it was run here.
    `ecosystems` are purl types that it is known to have looked at, None when unknown.
    """

    tool: str
    format: str
    outcome: Outcome
    version: str = ""
    database_date: str = ""
    started: str = ""
    ended: str = ""
    records: int = 0
    observations: int = 0
    passed: int = 0
    problems: tuple[Problem, ...] = ()
    asset: str = ""
    file: str = ""
    coverage: Coverage | None = None
    ecosystems: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TargetAsset:
    """An asset of a result under the id that runs and findings name it by."""

    id: str
    asset: Asset

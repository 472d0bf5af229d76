"""Suppressing: which decision of the store holds for a finding.

A decision is about exactly one finding, or about a rule: at one asset, in one component wherever
it is, or in the whole tenant. The narrowest holds; of several the newest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from vigie.model.components import Component
from vigie.model.findings import Finding, Status, Suppression
from vigie.model.observations import Claim, Kind, Observation, Rule, Stance
from vigie.model.runs import Outcome, Run
from vigie.ports.reports import Report
from vigie.services.intake import Reading
from vigie.triage.packages import package_key

VEX = "vex"
_SCOPES = ("tenant", "component", "asset")  # the wider first
_STANCES = {
    Status.OPEN: Stance.AFFECTED,
    Status.UNDER_INVESTIGATION: Stance.UNDER_INVESTIGATION,
    Status.NOT_AFFECTED: Stance.NOT_AFFECTED,
    Status.FIXED: Stance.FIXED,
    Status.SUPPRESSED: Stance.SUPPRESSED,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a finding a decision is held against. `rules` are its rule's names in capitals,
    `component` is as `component_name` gives it."""

    asset: str
    kind: str
    rules: frozenset[str]
    component: str
    fingerprints: frozenset[str]


def component_name(component: Component | None) -> str:
    """A package whatever its version: "npm:left-pad"; "" for none."""
    if component is None or not component.name:
        return ""
    key = package_key(component)
    return f"{key.type}:{key.name}"


class Judged(Protocol):
    """What a decision can be about: a finding."""

    @property
    def kind(self) -> Kind: ...
    @property
    def rule(self) -> Rule: ...
    @property
    def component(self) -> Component | None: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def fingerprints(self) -> tuple[str, ...]: ...


def subject_of(finding: Judged, asset: str) -> Subject:
    """The subject that a finding at the asset of this id is."""
    return Subject(
        asset,
        finding.kind.value,
        frozenset(name.upper() for name in (finding.rule.id, *finding.rule.aliases)),
        component_name(finding.component),
        frozenset(finding.fingerprints) | {finding.fingerprint},
    )


class Suppressions:
    """Decisions by people, as rows of the store; VEX statements are none of them."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._by_name: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            if row.source != VEX:
                self._by_name[row.fingerprint or row.rule.upper()].append(row)

    def deciding(self, subject: Subject) -> Any | None:
        """The row that holds for it, None when none does."""
        names: Collection[str] = subject.fingerprints | subject.rules
        rows = [r for n in names for r in self._by_name.get(n, ()) if _fits(r, subject)]
        return max(rows, key=_weight, default=None)


def _fits(row: Any, subject: Subject) -> bool:
    if row.scope == "asset" and row.asset_id != subject.asset:
        return False
    if row.fingerprint:
        return row.fingerprint in subject.fingerprints
    if row.kind and row.kind != subject.kind:
        return False
    if row.component and row.component != subject.component:
        return False
    return row.rule.upper() in subject.rules


def _weight(row: Any) -> tuple[Any, ...]:
    return (_SCOPES.index(row.scope), bool(row.fingerprint), row.created_at, row.id)


def suppression_of(row: Any) -> Suppression | None:
    """The row as a result writes it; None where it says that the finding is open."""
    status = Status(row.status)
    if status is Status.OPEN:
        return None
    expires = row.expires_at.date().isoformat() if row.expires_at is not None else ""
    return Suppression(
        status, row.justification or row.reason, row.source, row.owner, expires, row.reason
    )


def statements_of(rows: Sequence[Any]) -> Reading:
    """The VEX statements among the rows, as a reading that only changes other findings."""
    said = tuple(_statement(row) for row in rows if row.source == VEX)
    run = Run(VEX, VEX, Outcome.COMPLETE, records=len(said), observations=len(said))
    return Reading(run, Report(VEX, len(said), said))


def said_by_statement(finding: Finding) -> tuple[Finding, str]:
    """The finding as the store shows it, and the id of the statement that decided it or ""."""
    suppression = finding.suppression
    if suppression is None or not suppression.source.startswith(f"{VEX}:"):
        return finding, ""
    row = suppression.source.partition(":")[2]
    return replace(finding, suppression=replace(suppression, source=VEX)), row


def products_text(products: Sequence[str], subcomponents: Sequence[str]) -> str:
    """How a statement's products lie in the column `component`: a line for each, and after an
    empty line the subcomponents."""
    lines = [" ".join(product.split()) for product in products]
    inner = [" ".join(product.split()) for product in subcomponents]
    return "\n".join([*lines, "", *inner] if inner else lines)


def _statement(row: Any) -> Observation:
    products, _, inner = row.component.partition("\n\n")
    claim = Claim(
        _STANCES[Status(row.status)],
        justification=row.justification,
        statement=row.reason,
        author=row.owner,
        timestamp=row.created_at.isoformat(),
        products=tuple(products.split("\n")),
        subcomponents=tuple(inner.split("\n")) if inner else (),
    )
    return Observation(f"{VEX}:{row.id}", Kind.VULNERABILITY, Rule(row.rule), row.id, claim=claim)

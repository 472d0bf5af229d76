"""Claims: VEX statements, suppression files and tools' own suppressions decide a status.

A suppressed finding stays in the result with its reason. A statement that fits nothing is
counted, so a typing error in a VEX file is seen.
"""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from vigie.model.assets import Asset
from vigie.model.findings import Finding, Status, Suppression
from vigie.model.observations import Claim, Observation, Stance
from vigie.triage.identifiers import names_of
from vigie.triage.statements import is_all, moment, speaks_of, subjects_of

_STATUS = {
    Stance.NOT_AFFECTED: Status.NOT_AFFECTED,
    Stance.FIXED: Status.FIXED,
    Stance.UNDER_INVESTIGATION: Status.UNDER_INVESTIGATION,
    Stance.SUPPRESSED: Status.SUPPRESSED,
    Stance.AFFECTED: Status.OPEN,
}

# The most careful decision first.
_CARE = (Stance.AFFECTED, Stance.UNDER_INVESTIGATION, Stance.SUPPRESSED, Stance.FIXED,
         Stance.NOT_AFFECTED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SuppressionRule:
    """One entry of a suppression file. All selectors that are given must match.

    `rule` is an identifier or alias, `path` a shell pattern, `component` a name or purl.
    `expires` is an ISO date; on that day and after it the entry no longer holds.
    """

    id: str
    reason: str
    owner: str
    expires: str
    fingerprint: str = ""
    rule: str = ""
    path: str = ""
    component: str = ""
    asset: str = ""


def is_statement(observation: Observation) -> bool:
    """True for a VEX statement: a claim that says which products it is about."""
    claim = observation.claim
    return claim is not None and bool(claim.products or claim.subcomponents)


def own_claims(finding: Finding) -> Finding:
    """Apply what the tools themselves suppressed: only when every source of it did so. Of
    several decisions the most careful one holds."""
    claims = [(o.tool, o.claim) for o in finding.evidence if o.claim is not None]
    if not claims or len(claims) < len(finding.evidence):
        return finding
    tool, claim = min(claims, key=lambda pair: (_CARE.index(pair[1].stance), pair[0]))
    return _with_status(finding, tool, claim)


def apply_statements(
    findings: Sequence[Finding], statements: Sequence[Observation], assets: dict[str, Asset]
) -> tuple[list[Finding], list[Observation]]:
    """Findings with the newest fitting statement's status, and the statements that fit none.

    A finding may be about several packages. It is somebody's work until each of them is
    spoken for: a statement about one version clears no other.
    """
    if not statements:
        return list(findings), []
    by_name: dict[str, list[Observation]] = defaultdict(list)
    for statement in statements:
        for name in names_of(statement.rule):
            by_name[name].append(statement)
    used: set[int] = set()
    changed: list[Finding] = []
    for finding in findings:
        known = {
            id(s): s for name in names_of(finding.rule) for s in by_name.get(name, ())
        }  # fmt: skip
        if known:
            newest = _newest(list(known.values()), finding, assets[finding.asset], used)
            if newest is not None and newest.claim is not None:
                finding = _with_status(finding, newest.tool, newest.claim)  # noqa: PLW2901
        changed.append(finding)
    return changed, [s for s in statements if id(s) not in used]


def _newest(
    statements: Sequence[Observation], finding: Finding, asset: Asset, used: set[int]
) -> Observation | None:
    """The statement that decides: the newest about each instance, and of these the most
    careful. None when an instance has none and the others clear only themselves."""
    decisive: list[Observation] = []
    silent = False
    for subject in subjects_of(finding):
        fitting = [s for s in statements if s.claim and speaks_of(s.claim, subject, asset)]
        used.update(map(id, fitting))
        if fitting:
            decisive.append(max(fitting, key=_age_and_care))
        silent = silent or not fitting
    careful = min(decisive, key=_care, default=None)
    if silent and careful is not None and _care(careful) > _CARE.index(Stance.AFFECTED):
        return None
    return careful


def _care(statement: Observation) -> int:
    return _CARE.index(statement.claim.stance) if statement.claim is not None else 0


def _age_and_care(statement: Observation) -> tuple[float, int]:
    when = statement.claim.timestamp if statement.claim is not None else ""
    return moment(when), -_care(statement)


def _with_status(finding: Finding, source: str, claim: Claim) -> Finding:
    status = _STATUS[claim.stance]
    if status is Status.OPEN:
        return replace(finding, status=status, suppression=None)
    reason = claim.justification or claim.statement or claim.stance.value
    return replace(
        finding,
        status=status,
        suppression=Suppression(
            status, reason, source, owner=claim.author, statement=claim.statement
        ),
    )


def apply_rules(
    findings: Sequence[Finding], rules: Sequence[SuppressionRule], today: str
) -> tuple[list[Finding], list[SuppressionRule], list[SuppressionRule]]:
    """Findings with the suppression file applied, the entries that fit nothing, and those that
    have expired. `today` is an ISO date."""
    expired = [rule for rule in rules if rule.expires <= today]
    valid = [rule for rule in rules if rule.expires > today]
    used: set[str] = set()
    changed: list[Finding] = []
    for finding in findings:
        rule = next((r for r in valid if rule_fits(r, finding)), None)
        if rule is not None:
            used.add(rule.id)
            finding = replace(  # noqa: PLW2901
                finding,
                status=Status.SUPPRESSED,
                suppression=Suppression(
                    Status.SUPPRESSED, rule.reason, "file", rule.owner, rule.expires
                ),
            )
        changed.append(finding)
    return changed, [r for r in valid if r.id not in used], expired


class Selector(Protocol):
    """What an entry of a suppression file and a waiver have in common."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def component(self) -> str: ...
    @property
    def asset(self) -> str: ...


def rule_fits(rule: Selector, finding: Finding) -> bool:
    """True when every selector of the entry matches; an entry without any matches nothing."""
    checks: list[tuple[str, Callable[[], bool]]] = [
        (rule.fingerprint, lambda: rule.fingerprint in finding.fingerprints),
        (rule.rule, lambda: rule.rule.upper() in _upper((finding.rule.id, *finding.rule.aliases))),
        (rule.path, lambda: _is_within(rule.path, finding)),
        (rule.component, lambda: is_all(rule.component, finding)),
        (rule.asset, lambda: fnmatch.fnmatchcase(finding.asset, rule.asset)),
    ]
    given = [check for selector, check in checks if selector]
    return bool(given) and all(check() for check in given)


def _upper(names: Iterable[str]) -> set[str]:
    return {name.upper() for name in names}


def _is_within(pattern: str, finding: Finding) -> bool:
    """True when every place of the finding lies there: what is agreed for the tests does not
    hold for the same thing in the product."""
    wanted = pattern.removeprefix("./").removeprefix("/")
    places = [i.location.path if i.location is not None else "" for i in finding.instances]
    places += [p.path for o in finding.evidence for p in o.locations]
    return bool(places) and all(
        bool(path) and fnmatch.fnmatchcase(path.removeprefix("./").removeprefix("/"), wanted)
        for path in places
    )

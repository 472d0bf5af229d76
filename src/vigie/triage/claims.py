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
from vigie.model.components import Component
from vigie.model.findings import Finding, Instance, Status, Suppression
from vigie.model.observations import Claim, Observation, Stance
from vigie.triage.identifiers import names_of
from vigie.triage.packages import purl_matches

_STATUS = {
    Stance.NOT_AFFECTED: Status.NOT_AFFECTED,
    Stance.FIXED: Status.FIXED,
    Stance.UNDER_INVESTIGATION: Status.UNDER_INVESTIGATION,
    Stance.SUPPRESSED: Status.SUPPRESSED,
    Stance.AFFECTED: Status.OPEN,
}


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
    """Apply what the tools themselves suppressed: only when every source of it did so."""
    claims = [(o.tool, o.claim) for o in finding.evidence]
    if not claims or any(claim is None for _, claim in claims):
        return finding
    tool, claim = claims[0]
    return _with_status(finding, tool, claim) if claim is not None else finding


def apply_statements(
    findings: Sequence[Finding], statements: Sequence[Observation], assets: dict[str, Asset]
) -> tuple[list[Finding], list[Observation]]:
    """Findings with the newest fitting statement's status, and the statements that fit none."""
    by_name: dict[str, list[Observation]] = defaultdict(list)
    for statement in statements:
        for name in names_of(statement.rule):
            by_name[name].append(statement)
    used: set[int] = set()
    changed: list[Finding] = []
    for finding in findings:
        fitting = [
            s
            for name in names_of(finding.rule)
            for s in by_name.get(name, ())
            if s.claim is not None and _fits(s.claim, finding, assets[finding.asset])
        ]
        used.update(map(id, fitting))
        if fitting:
            newest = max(fitting, key=lambda s: s.claim.timestamp if s.claim is not None else "")
            if newest.claim is not None:
                finding = _with_status(finding, newest.tool, newest.claim)  # noqa: PLW2901
        changed.append(finding)
    return changed, [s for s in statements if id(s) not in used]


def _fits(claim: Claim, finding: Finding, asset: Asset) -> bool:
    """A statement is about a finding when its product is the component, or when its product
    is the asset and its subcomponents (if it names any) hold the component."""
    component = finding.component
    names = [p for p in claim.products if p]
    if _covers_all(names, finding):
        return True
    if not any(_is_asset(product, asset) for product in claim.products):
        return False
    parts = [p for p in claim.subcomponents if p]
    return not claim.subcomponents or (component is not None and _covers_all(parts, finding))


def _covers_all(names: Sequence[str], finding: Finding) -> bool:
    """True when every instance is one of these; what is said of version 1 is not said of the
    version 2 beside it."""
    component = finding.component
    if component is None:
        return False
    places = finding.instances or (Instance(component.name, component.version, component.purl),)
    return bool(names) and all(
        any(_covers(name, place, component) for name in names) for place in places
    )


def _covers(name: str, place: Instance, component: Component) -> bool:
    """True when a name or purl means this instance, or the source package it is built from."""
    if name in (place.name, component.name) or purl_matches(name, place.purl):
        return True
    if not purl_matches(name, component.purl):
        return False
    return place.version == component.version or purl_matches(name, _unversioned(component.purl))


def _unversioned(purl: str) -> str:
    return purl.partition("?")[0].rpartition("@")[0]


def _is_asset(product: str, asset: Asset) -> bool:
    """True when a product id names the asset: its name, a tag, or an OCI purl or digest of it."""
    if product and product in (asset.name, *asset.tags):
        return True
    digests = {d.partition(":")[2] for d in asset.digests}
    text = product.replace("%3A", ":").replace("%3a", ":")
    return any(digest and digest in text for digest in digests)


def _with_status(finding: Finding, source: str, claim: Claim) -> Finding:
    status = _STATUS[claim.stance]
    if status is Status.OPEN:
        return finding
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
        (rule.component, lambda: _covers_all([rule.component], finding)),
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

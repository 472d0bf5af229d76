"""Folds a cluster of observations into one finding, and says whose word won."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from vigie.model.components import Component
from vigie.model.ecosystems import SYSTEM_TYPES
from vigie.model.findings import Agreement, Finding, Instance, Join, MergedFix
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
)
from vigie.model.severity import Severity, severity_from_score
from vigie.triage.clusters import Cluster
from vigie.triage.identifiers import is_about_several, is_cve, names_of, preference
from vigie.triage.packages import package_key, plain_version
from vigie.triage.paths import plain_path
from vigie.triage.ratings import decisive
from vigie.triage.versions import lowest_sufficient, normalise, order

# Which word wins when tools differ about the fix: the one that says most.
_FIX_ORDER = (
    FixState.FIXED,
    FixState.WILL_NOT_FIX,
    FixState.END_OF_LIFE,
    FixState.DEFERRED,
    FixState.NOT_FIXED,
    FixState.UNKNOWN,
)


def fold(cluster: Cluster, seen_at: str = "") -> Finding:
    """The finding that a cluster amounts to, before claims and priority; who else looked is
    not known here."""
    seen = [member.observation for member in cluster.members]
    if cluster.kind is Kind.SECRET:
        seen = [_sealed(observation) for observation in seen]
    # What a record about several flaws is scored by, it does not say of which of them.
    certain = [o for o in seen if not is_about_several(o.rule)]
    severity, source = merged_severity(seen, certain)
    component = _component(cluster, seen)
    fingerprints = tuple(cluster.fingerprints)
    sources = tuple(dict.fromkeys(o.tool for o in seen))
    return Finding(
        fingerprint=fingerprints[0],
        fingerprints=fingerprints,
        kind=cluster.kind,
        rule=_rule(cluster, seen),
        asset=cluster.asset.target.id,
        component=component,
        instances=_instances(cluster.kind, seen),
        severity=severity,
        severity_source=source,
        severities=_severities(seen),
        scores=_scores(certain),
        sources=sources,
        agreement=Agreement(said=sources),
        first_seen=seen_at,
        last_seen=seen_at,
        fix=_fix(component.type if component is not None else "", seen),
        signals=_signals(certain),
        message=next((o.message for o in seen if o.message), ""),
        joins=tuple(
            Join(f"{m.run}:{m.observation.record}", reason)
            for m, reason in zip(cluster.members, cluster.reasons, strict=True)
        ),
        evidence=tuple(seen),
    )


def _sealed(observation: Observation) -> Observation:
    """Without the hash of the secret's value: it has done its work, and who reads the result
    could try passwords against it."""
    places = tuple(replace(place, anchor="") for place in observation.locations)
    return replace(observation, locations=places)


def merged_severity(
    seen: Sequence[Observation], scored_by: Sequence[Observation]
) -> tuple[Severity, str]:
    """The highest severity that a tool gave itself, and its tool; where no tool gave one, that
    of the CVSS rating that counts. Unknown never wins and never counts as low."""
    said = [(o.severity, o.tool) for o in seen if o.severity is not Severity.UNKNOWN]
    if said:
        return max(said, key=lambda pair: pair[0].rank)
    rated = decisive(score for o in scored_by for score in o.scores)
    if rated is not None:
        value, score = rated
        return severity_from_score(value), f"cvss:{score.source}"
    return Severity.UNKNOWN, ""


def _rule(cluster: Cluster, seen: Sequence[Observation]) -> Rule:
    if len(seen) == 1 and seen[0].rule.id == cluster.name and not seen[0].rule.aliases:
        return seen[0].rule
    names: dict[str, None] = {}
    related: dict[str, None] = {}
    for observation in seen:
        rule = observation.rule
        own = names_of(rule) if cluster.kind is Kind.VULNERABILITY else (rule.id, *rule.aliases)
        # An advisory about several flaws is related to each of them and is none of them.
        several = is_about_several(rule)
        for name in own:
            foreign = is_cve(name) and name != cluster.name and is_cve(cluster.name)
            if name != cluster.name and not foreign:
                (related if several else names)[name] = None
        related.update(dict.fromkeys(rule.related))
    return Rule(
        id=cluster.name,
        aliases=tuple(sorted(names, key=preference)),
        title=_first(o.rule.title for o in seen),
        description=_first(o.rule.description for o in seen),
        references=tuple(dict.fromkeys(r for o in seen for r in o.rule.references)),
        weaknesses=tuple(dict.fromkeys(w for o in seen for w in o.rule.weaknesses)),
        related=tuple(name for name in related if name not in names),
        published=min((o.rule.published for o in seen if o.rule.published), default=""),
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _component(cluster: Cluster, seen: Sequence[Observation]) -> Component | None:
    """What the finding is about: the package itself, or the source of several binaries."""
    found = [o.component for o in seen if o.component is not None]
    if not found or cluster.package is None:
        return found[0] if found else None
    direct = next((c.direct for c in found if c.direct is not None), None)
    same = [c for c in found if package_key(c).name == cluster.package.name]
    if same:
        best = max(same, key=lambda c: (bool(c.purl), bool(c.version), bool(c.licences)))
        if best.direct == direct and best.type == cluster.package.type:
            return best
        return replace(best, direct=direct, type=cluster.package.type)
    first = found[0]
    return Component(
        name=cluster.package.name,
        version=_first(c.source_version for c in found) or first.version,
        type=cluster.package.type,
        distro=_first(c.distro for c in found),
        direct=direct,
    )


def _instances(kind: Kind, seen: Sequence[Observation]) -> tuple[Instance, ...]:
    # A scanner of running services names a flaw by URL, not by package.
    if kind is Kind.VULNERABILITY and any(o.component is not None for o in seen):
        return _package_instances(seen)
    places: dict[tuple[object, ...], Instance] = {}
    for observation in seen:
        name = observation.component.name if observation.component is not None else ""
        version = observation.component.version if observation.component is not None else ""
        for place in observation.locations or (Location(),):
            key = (name, version, plain_path(place.path), place.start_line, place.url,
                   place.resource, place.commit)  # fmt: skip
            _add(places, key, Instance(name, version, "", place, (observation.tool,)))
    return tuple(places.values())


def _package_instances(seen: Sequence[Observation]) -> tuple[Instance, ...]:
    """One for each package, version and path; a distribution's package has one path only.

    A tool that gives no path means the packages of that version which others saw."""
    places: dict[tuple[object, ...], Instance] = {}
    pathless: list[tuple[str, str, Instance]] = []
    for observation in seen:
        component = observation.component
        if component is None:
            continue
        key = package_key(component)
        place = observation.locations[0] if observation.locations else None
        version = plain_version(component.version)
        one = Instance(component.name, component.version, component.purl, place,
                       (observation.tool,))  # fmt: skip
        if place is not None and place.path and key.type not in SYSTEM_TYPES:
            _add(places, (key.name, version, plain_path(place.path)), one)
        else:
            pathless.append((key.name, version, one))
    for name, version, one in pathless:
        homes = [k for k in places if k[:2] == (name, version)]
        for home in homes or [(name, version, "")]:
            _add(places, home, one)
    return tuple(places.values())


def _add(
    places: dict[tuple[object, ...], Instance], key: tuple[object, ...], one: Instance
) -> None:
    old = places.get(key)
    if old is None:
        places[key] = one
        return
    sources = tuple(dict.fromkeys((*old.sources, *one.sources)))
    if sources != old.sources or not old.purl or old.location is None:
        places[key] = replace(
            old,
            sources=sources,
            purl=old.purl or one.purl,
            location=old.location or one.location,
        )


def _severities(seen: Sequence[Observation]) -> tuple[tuple[str, str], ...]:
    """Every source's own word: "trivy" for the tool, "trivy/nvd" for one that it passes on."""
    words: dict[str, str] = {}
    for observation in seen:
        said = observation.severity_said or (
            observation.severity.value if observation.severity is not Severity.UNKNOWN else ""
        )
        if said:
            words.setdefault(observation.tool, said)
        for source, word in observation.severities:
            words.setdefault(f"{observation.tool}/{source}", word)
    return tuple(words.items())


def _scores(seen: Sequence[Observation]) -> tuple[Score, ...]:
    unique = {(s.source, s.vector or str(s.value)): s for o in seen for s in o.scores}
    return tuple(unique.values())


def _fix(kind: str, seen: Sequence[Observation]) -> MergedFix:
    by_source: dict[str, Fix] = {}
    for observation in seen:
        old, new = by_source.get(observation.tool), observation.fix
        by_source[observation.tool] = new if old is None else _both(old, new)
    state, source = FixState.UNKNOWN, ""
    for tool, fix in by_source.items():
        effective = FixState.FIXED if normalise(fix.versions) else fix.state
        if _FIX_ORDER.index(effective) < _FIX_ORDER.index(state):
            state, source = effective, tool
    versions = _fixed_versions(kind, seen) if state is FixState.FIXED else ()
    return MergedFix(
        state=state,
        versions=versions,
        by_source=tuple(by_source.items()),
        source=source,
        advice=_first(o.fix.advice for o in seen),
    )


def _both(old: Fix, new: Fix) -> Fix:
    state = min(old.state, new.state, key=_FIX_ORDER.index)
    return Fix(
        state, tuple(dict.fromkeys((*old.versions, *new.versions))), old.advice or new.advice
    )


def _fixed_versions(kind: str, seen: Sequence[Observation]) -> tuple[str, ...]:
    """The version that suffices for every instance first, then what suffices for single ones;
    where versions cannot be compared, all that were named."""
    named: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for observation in seen:
        version = observation.component.version if observation.component is not None else ""
        fixed = normalise(observation.fix.versions)
        if fixed:
            named[version].append(fixed)
    every = [fixed for said in named.values() for fixed in said]
    chosen = {lowest_sufficient(kind, installed, said) for installed, said in named.items()}
    chosen.discard("")
    if not chosen:
        return tuple(dict.fromkeys(v for fixed in every for v in fixed))
    return tuple(reversed(order(kind, chosen)))


def _signals(seen: Sequence[Observation]) -> Signals:
    """Evidence from whoever has it. One 'yes' outweighs silence, and 'no' needs somebody to
    have said no."""
    known = [o.signals for o in seen]
    if len(known) == 1:
        return known[0]
    rank = ("active", "weaponised", "poc", "none")
    exploits = [s.exploit for s in known if s.exploit in rank]
    confidence = [c for c in ("high", "medium", "low") if any(s.confidence == c for s in known)]
    return Signals(
        epss=max((s.epss for s in known if s.epss is not None), default=None),
        epss_percentile=max(
            (s.epss_percentile for s in known if s.epss_percentile is not None), default=None
        ),
        kev=_any(s.kev for s in known),
        ransomware=_any(s.ransomware for s in known),
        exploit=min(exploits, key=rank.index, default=""),
        reachable=_any(s.reachable for s in known),
        tool_risk=max((s.tool_risk for s in known if s.tool_risk is not None), default=None),
        confidence=confidence[0] if confidence else "",
    )


def _any(values: Iterable[bool | None]) -> bool | None:
    said = [value for value in values if value is not None]
    return any(said) if said else None

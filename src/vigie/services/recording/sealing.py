"""Secrets: what identifies one is kept, and nothing that could be tried against its value.

A parser gives the hash of a secret's value as the place's anchor, which a merge needs to tell
one from another. The store holds the fingerprint of the finding instead, marked as such: it is
what a result that CI pushes has left of it, so an upload and a push of the same are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vigie.model.findings import Finding
from vigie.model.identity import digest
from vigie.model.observations import Kind, Observation, Verdict
from vigie.model.runs import Run
from vigie.services.recording.spilling import Spilled, Spills
from vigie.stores.scratch.keyed import Keyed
from vigie.triage.assets import Identified
from vigie.triage.merge import Told, merge

_MARK = "vigie:"
_Pairs = Sequence[tuple[Run, Sequence[Observation]]]


def seal(observation: Observation, fingerprint: str) -> Observation:
    """The observation of a secret whose finding goes by this fingerprint."""
    places = tuple(replace(p, anchor=_MARK + fingerprint) for p in observation.locations)
    return replace(observation, locations=places)


def seal_all(told: _Pairs, home: Identified, spills: Spills) -> _Pairs:
    """The same, each secret that is not sealed yet by the finding that these runs alone give."""
    if not any(is_bare(o) for _, observations in told for o in observations):
        return told
    numbered = [
        Told(run, home.target.asset, [
            replace(o, record=str(n), asset=None)
            for n, o in enumerate(observations) if o.kind is Kind.SECRET
        ])
        for run, observations in told
    ]  # fmt: skip
    names = {
        join.record: finding.fingerprint
        for finding in merge(numbered, home=home).findings
        for join in finding.joins
    }
    sealed = []
    for number, (run, observations) in enumerate(told):
        every: Spilled[Observation] = spills.of(Observation)
        for n, one in enumerate(observations):
            every.append(seal(one, names[f"{number}:{n}"]) if is_bare(one) else one)
        sealed.append((run, every))
    return sealed


def names_of_secret(evidence: Iterable[Observation]) -> tuple[str, ...]:
    """The fingerprints that sealed observations of one finding carry, sorted."""
    anchors = {place.anchor for o in evidence for place in o.locations}
    return tuple(sorted(a.removeprefix(_MARK) for a in anchors if a.startswith(_MARK)))


def with_secret_names(finding: Finding, evidence: Iterable[Observation]) -> Finding:
    """The finding of a secret under the fingerprint that its own report gave it."""
    if finding.kind is not Kind.SECRET:
        return finding
    names = names_of_secret(evidence)
    if not names:
        return finding
    every = tuple(dict.fromkeys((*names, *finding.fingerprints)))
    return replace(finding, fingerprint=names[0], fingerprints=every)


def told_apart(finding: Finding, taken: Keyed[int]) -> Finding:
    """The finding, which does not go by a fingerprint that is `taken`: reports are not ours."""
    name, number = finding.fingerprint, 0
    while name in taken:
        number += 1
        name = digest("again", finding.fingerprint, str(number))
    if name == finding.fingerprint:
        return finding
    return replace(finding, fingerprint=name, fingerprints=(name,))


def is_bare(observation: Observation) -> bool:
    """True for a secret whose place still has the hash of its value."""
    return (
        observation.kind is Kind.SECRET
        and observation.verdict is Verdict.FAIL
        and any(not place.anchor.startswith(_MARK) for place in observation.locations)
    )

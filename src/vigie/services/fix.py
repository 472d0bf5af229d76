"""Fix: a result becomes a plan, the plan a patch of the folder's files, and the patch is proved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vigie.model.assets import AssetKind
from vigie.model.components import Component
from vigie.model.errors import UserError
from vigie.model.findings import Finding
from vigie.model.results import Counts, Plan, Result, Step
from vigie.model.text import T
from vigie.ports.advisories import AdvisoryIndex
from vigie.ports.patches import PatchEditor, Upgrade
from vigie.services.fixing.asking import Availability, ask_existence, ask_versions
from vigie.services.fixing.bases import AskDigest, ask_digest, base_upgrades
from vigie.services.fixing.choosing import Choices
from vigie.services.fixing.fitting import Fitted, fit, unchecked
from vigie.services.fixing.folder import Folder, wanted_files
from vigie.services.fixing.patching import Outcome, Patch, Patching, Standing, states, upgrades_of
from vigie.services.scan import DEFAULT_EXCLUDED
from vigie.sources.registries.clients import REGISTRIES, Pip, Registry
from vigie.sources.registries.fitting import PipFit, plain_name
from vigie.sources.registries.locks.catalogue import RENEWERS
from vigie.sources.registries.locks.renewing import Renewer
from vigie.triage.matching import affects
from vigie.triage.outlook import outlook
from vigie.triage.plan import plan
from vigie.triage.upgrades import PlanOptions, StillAffected


@dataclass(frozen=True, slots=True)
class FixOptions:
    """How to fix.

    `longest` is the longest jump that may be proposed, `only` names packages or findings (none:
    all). `offline` asks no registry and renews no lock file. `excluded` are folders to leave out.
    `base_digest` asks for the digest of a base image, `fits` whether Python packages fit together.
    """

    longest: str = "major"
    only: tuple[str, ...] = ()
    offline: bool = False
    excluded: tuple[str, ...] = DEFAULT_EXCLUDED
    base_digest: AskDigest | None = ask_digest
    fits: Callable[[], PipFit] | None = PipFit
    registries: Mapping[str, Registry] = field(default_factory=lambda: REGISTRIES)
    renewers: Mapping[str, Sequence[Renewer]] = field(default_factory=lambda: RENEWERS)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What `vigie fix` shows. `predicted` counts what is left when the patch alone is applied;
    the plan's own outlook is about all of its steps. `availability` is None when no registry was
    asked."""

    result: Result
    plan: Plan
    patch: Patch
    predicted: Counts
    cleared: tuple[str, ...]
    availability: Availability | None = None

    def exists(self, outcome: Outcome) -> bool | None:
        """Whether every version of a step exists; None when that is not known."""
        if self.availability is None:
            return None
        known = [self.availability.has(u) for u in upgrades_of(outcome.step)]
        return False if False in known else None if None in known else True


def propose(
    result: Result,
    folder: Folder | None,
    editors: Mapping[str, PatchEditor],
    options: FixOptions,
    index: AdvisoryIndex | None = None,
) -> Proposal:
    """Plan, and write the patch as far as there is a folder. Nothing is changed on disk.

    Raises UserError when `only` names nothing of the result.
    """
    findings = _chosen(result.findings, options.only)
    asked = PlanOptions(options.longest, still_affected(index) if index is not None else None)
    known: Availability | None = None
    if not options.offline:
        known = ask_versions(plan(findings, asked).steps, options.registries)
        asked = replace(asked, available=known.of)
    files = wanted_files(folder, editors, options.excluded) if folder is not None else {}
    fitted = _fitted(result, findings, asked, folder, editors, files, options)
    if known is not None:
        every = [u for _, group in fitted.steps for u in group]
        ask_existence(every, options.registries, known)
    patch = _patch(fitted, folder, editors, files, options, known)
    cleared = [o.step for o in states(patch.outcomes, Standing.PATCHED)]
    # What is not asked for now is there before and after.
    before = [finding for finding in result.findings if finding.status.counts]
    return Proposal(
        result,
        fitted.plan,
        patch,
        outlook(before, cleared).after,
        tuple(fingerprint for step in cleared for fingerprint in step.clears),
        known,
    )


def still_affected(index: AdvisoryIndex) -> StillAffected:
    """Which advisories of an index hold for a component at another version, each by its CVE
    where it has one."""
    known: dict[tuple[str, str, str], Collection[str]] = {}

    def ask(component: Component, version: str) -> Collection[str]:
        key = (component.type, component.name, version)
        if key not in known:
            hits = {hit.advisory for hit in affects(component, index, version=version)}
            records = index.advisories(hits)
            names = {
                hit: next((a for a in records[hit].aliases if a.startswith("CVE-")), hit)
                if hit in records
                else hit
                for hit in hits
            }
            known[key] = frozenset(names.values())
        return known[key]

    return ask


def _chosen(findings: Sequence[Finding], only: Sequence[str]) -> list[Finding]:
    if not only:
        return list(findings)
    wanted = {name.lower() for name in only}
    chosen = [finding for finding in findings if wanted & set(_names(finding))]
    found = {name for finding in chosen for name in _names(finding)}
    missing = tuple(name for name in only if name.lower() not in found)
    if missing:
        raise UserError(
            T("nothing of the result is called {names}", names=missing),
            T("Give names of packages or of findings: --only requests,CVE-2024-1."),
        )
    return chosen


def _names(finding: Finding) -> list[str]:
    names = [finding.rule.id, *finding.rule.aliases, finding.fingerprint]
    if finding.component is not None:
        names += [finding.component.name, finding.component.purl.partition("@")[0]]
    return [name.lower() for name in names if name]


def _fitted(
    result: Result,
    findings: Sequence[Finding],
    asked: PlanOptions,
    folder: Folder | None,
    editors: Mapping[str, PatchEditor],
    files: Mapping[str, Sequence[str]],
    options: FixOptions,
) -> Fitted:
    """The plan, with Python packages at versions that fit together where pip can be asked."""
    elsewhere = {a.id for a in result.assets if a.asset.kind is not AssetKind.REPOSITORY}
    if folder is not None and options.fits is not None and not options.offline:
        choices = Choices(
            planning=lambda available: plan(findings, replace(asked, available=available)),
            listed=asked.available or (lambda _: None),
            pip=options.fits(),
            options=asked,
            elsewhere=frozenset(elsewhere),
        )
        return fit(choices, folder, editors, files)
    planned = plan(findings, asked)
    return Fitted(
        planned, [(s, upgrades_of(s, elsewhere=s.asset in elsewhere)) for s in planned.steps]
    )


def _patch(
    fitted: Fitted,
    folder: Folder | None,
    editors: Mapping[str, PatchEditor],
    files: Mapping[str, Sequence[str]],
    options: FixOptions,
    known: Availability | None,
) -> Patch:
    steps = fitted.steps
    if folder is None:
        why = T("there is no folder to patch; it was no folder that was scanned")
        return Patch(outcomes=tuple(Outcome(s, Standing.MANUAL, reasons=(why,)) for s, _ in steps))
    if not options.offline:
        steps = [(step, _with_hashes(group, folder, files, options)) for step, group in steps]
    renewers = {} if options.offline else options.renewers
    kept_out = [_kept_out(step, group, fitted, known) for step, group in steps]
    there = [pair for pair, out in zip(steps, kept_out, strict=True) if out is None]
    # Who names packages wants these and nothing else.
    patching = Patching(folder, editors, files, renewers, harden=not options.only)
    bases: list[Upgrade] = []
    if options.base_digest is not None and not (options.offline or options.only):
        bases = base_upgrades(folder, files.get("dockerfile", ()), options.base_digest)
    patch = patching.carry_out(there, bases)
    carried = iter(patch.outcomes)
    outcomes = [out if out is not None else fitted.explained(next(carried)) for out in kept_out]
    asked = fitted.looked | patch.renewed
    notes = (*patch.notes, *fitted.notes, *unchecked(patch.edits, files, asked))
    return replace(patch, outcomes=tuple(outcomes), notes=notes)


def _kept_out(
    step: Step, group: Sequence[Upgrade], fitted: Fitted, known: Availability | None
) -> Outcome | None:
    """What is said of a step that does not go into the patch; None for one that does."""
    if known is not None and any(known.has(u) is False for u in group):
        return _absent(step)
    why = (
        fitted.left.get(plain_name(step.component.name)) if step.component.type == "pypi" else None
    )
    return Outcome(step, Standing.MANUAL, reasons=(why,)) if why is not None else None


def _absent(step: Step) -> Outcome:
    why = T("{version}, named as fixed, was not found where packages come from",
            version=step.version)  # fmt: skip
    return Outcome(step, Standing.MANUAL, reasons=(why,))


def _with_hashes(
    upgrades: Sequence[Upgrade], folder: Folder, files: Mapping[str, Sequence[str]],
    options: FixOptions,
) -> list[Upgrade]:  # fmt: skip
    """Python upgrades with the hashes of their files, where a list of requirements has hashes."""
    pip = options.registries.get("pypi")
    hashed = any("--hash=" in (folder.read(p) or "") for p in files.get("requirements", ()))
    if not hashed or not isinstance(pip, Pip):
        return list(upgrades)
    return [
        replace(u, hashes=pip.hashes(u.name, u.version)) if u.type == "pypi" else u
        for u in upgrades
    ]

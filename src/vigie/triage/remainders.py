"""Remainders: why a finding is left when the plan is carried out."""

from __future__ import annotations

from vigie.model.findings import Finding
from vigie.model.observations import FixState, Kind
from vigie.model.results import Remainder, Step
from vigie.model.text import T, Text
from vigie.triage.mending import is_above
from vigie.triage.packages import package_key
from vigie.triage.upgrades import PlanOptions
from vigie.triage.versions import jump

_STATES: dict[FixState, tuple[str, Text]] = {
    FixState.NOT_FIXED: ("no_fix", T("nobody has released a fix yet")),
    FixState.WILL_NOT_FIX: ("will_not_fix", T("its maintainers will not fix it")),
    FixState.DEFERRED: ("deferred", T("its maintainers have put the fix off")),
    FixState.END_OF_LIFE: ("end_of_life", T("this release is no longer maintained")),
    FixState.UNKNOWN: ("fix_unknown", T("no scanner says which version mends it")),
}
_OTHER: dict[Kind, Text] = {
    Kind.WEAKNESS: T("it is in the code itself, no upgrade mends it"),
    Kind.SECRET: T("a secret is revoked and renewed, not upgraded"),
    Kind.MISCONFIGURATION: T("it is a setting, no upgrade mends it"),
    Kind.LICENCE: T("a licence is a decision, no upgrade mends it"),
    Kind.DETECTION: T("it happened; an upgrade does not undo it"),
    Kind.CONTROL: T("it is a control, no upgrade mends it"),
}


def remainder(finding: Finding, step: Step | None, options: PlanOptions) -> Remainder:
    """Why it is left. `step` is the one of its package, None when that has none."""
    version = finding.fix.versions[0] if finding.fix.versions else ""
    code, reason = _why(finding, version, step, options)
    return Remainder(finding.fingerprint, code, reason, version)


def _why(
    finding: Finding, version: str, step: Step | None, options: PlanOptions
) -> tuple[str, Text]:
    if finding.kind is not Kind.VULNERABILITY:
        return "not_a_package", _OTHER[finding.kind]
    if finding.component is None:
        return "not_a_package", T("the scanner names no package that could be upgraded")
    if finding.fix.state is not FixState.FIXED:
        return _STATES[finding.fix.state]
    kind, installed = package_key(finding.component).type, finding.component.version
    if not is_above(kind, version, installed):
        return "incomparable", T("{version}, named as fixed, is not above {installed}",
                                 version=version, installed=installed or "?")  # fmt: skip
    if not options.allows(jump(kind, installed, version)):
        return "too_far", T("the fix is in {version}, a longer jump than allowed", version=version)
    existing = options.available(finding.component) if options.available is not None else None
    if existing is not None and not any(v == version or is_above(kind, v, version)
                                        for v in existing):  # fmt: skip
        return "unavailable", T("{version}, named as fixed, was not found where packages come from",
                                version=version)  # fmt: skip
    if options.still_affected is not None and step is not None:
        return "newer_known", T("advisories hold for {version} as well", version=step.version)
    if options.still_affected is not None:
        return "newer_known", T("advisories hold for every fixed version as well")
    return "incomparable", T("no fixed version is named for every copy of it")

"""The inputs of a priority, each a value between 0 and 1 with what it could be at worst and best.

A missing input has no value: it has a range. The middle of the range goes into the score, the
ends into the score's bounds, so what is not known widens the answer and never lowers it to zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from vigie.model.assets import Asset, Criticality, Exposure
from vigie.model.findings import Finding, Reason
from vigie.model.observations import FixState, Kind
from vigie.model.policy import Thresholds
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.triage.ratings import decisive


class Exploitation(IntEnum):
    """How near to being used against us (SSVC 'Exploitation', refined with EPSS)."""

    UNLIKELY = 0
    POSSIBLE = 1
    LIKELY = 2
    ACTIVE = 3


@dataclass(frozen=True, slots=True)
class Input:
    """`value` in [`low`, `high`], all 0–1; `known` False when it is a range for want of data."""

    value: float
    low: float
    high: float
    reasons: tuple[Reason, ...] = ()
    known: bool = True


def known(value: float, *reasons: Reason) -> Input:
    return Input(value, value, value, reasons)


def unknown(value: float, low: float, high: float, *reasons: Reason) -> Input:
    return Input(value, low, high, reasons, known=False)


_SEVERITY_VALUE = {
    Severity.CRITICAL: 0.95,
    Severity.HIGH: 0.8,
    Severity.MEDIUM: 0.55,
    Severity.LOW: 0.25,
    Severity.NONE: 0.0,
}


def impact(finding: Finding) -> Input:
    """Severity as merged, moved within its band by the highest CVSS score of the newest version."""
    severity = finding.severity
    rated = decisive(finding.scores)
    if rated is not None:
        value, score = rated
        why = Reason("cvss", T("CVSS {score} ({version}, {source})", score=round(value, 1),
                               version=score.version or "?", source=score.source))  # fmt: skip
        if severity is Severity.UNKNOWN:
            return known(value / 10, why)
        # The tools' own severity weighs as much as the generic score: vendors know their build.
        return known((value / 10 + _SEVERITY_VALUE[severity]) / 2, why)
    if severity is Severity.UNKNOWN:
        why = Reason("severity-unknown", T("no source gives a severity: unknown"))
        # Scanners of secrets give none, and nobody hides what opens nothing.
        secret = finding.kind is Kind.SECRET
        return unknown(0.8, 0.25, 1.0, why) if secret else unknown(0.5, 0.0, 1.0, why)
    return known(_SEVERITY_VALUE[severity])


def likelihood(finding: Finding, thresholds: Thresholds) -> tuple[Exploitation, Input, bool]:
    """How likely it is used; its level, and whether the level is known."""
    if finding.kind is not Kind.VULNERABILITY:
        return _other_likelihood(finding)
    signals = finding.signals
    if signals.kev or signals.exploit == "active":
        known_by_cisa = Reason("kev", T("known to be exploited (CISA KEV)"))
        said = Reason("exploited", T("a source says that it is being exploited"))
        reasons = [known_by_cisa if signals.kev else said]
        if signals.ransomware:
            reasons.append(Reason("ransomware", T("used in ransomware campaigns")))
        return Exploitation.ACTIVE, known(1.0, *reasons), True
    if _is_malicious(finding):
        return Exploitation.ACTIVE, known(1.0, _MALICIOUS), True
    floor, level, reasons = 0.0, Exploitation.UNLIKELY, []
    if signals.exploit in ("weaponised", "poc"):
        ready = signals.exploit == "weaponised"
        floor = 0.85 if ready else 0.55
        level = Exploitation.LIKELY if ready else Exploitation.POSSIBLE
        words = T("a ready-made exploit exists") if ready else T("a proof of concept exists")
        reasons.append(Reason(f"exploit-{signals.exploit}", words))
    if signals.epss is None:
        reasons.append(Reason("epss-unknown", T("likelihood of exploitation is unknown (no EPSS)")))
        level = max(level, Exploitation.POSSIBLE)
        return (
            level,
            unknown(max(0.35, floor), max(0.05, floor), max(0.9, floor), *reasons),
            bool(floor),
        )
    if signals.epss >= thresholds.epss_likely:
        level = max(level, Exploitation.LIKELY)
    elif signals.epss >= thresholds.epss_possible:
        level = max(level, Exploitation.POSSIBLE)
    percent = round(signals.epss * 100, 1) if signals.epss >= 0.001 else T("<{limit}", limit=0.1)
    reasons.append(Reason("epss", T("{percent} % likely to be exploited within 30 days (EPSS)",
                                    percent=percent)))  # fmt: skip
    return level, known(max(floor, _epss_value(signals.epss)), *reasons), True


_MALICIOUS = Reason("malicious", T("the package is malicious"))


def _is_malicious(finding: Finding) -> bool:
    """True for a package that attacks whoever installs it: nobody has to exploit anything, and
    EPSS does not speak of it (OpenSSF malicious-packages; CWE-506, embedded malicious code)."""
    names = (finding.rule.id, *finding.rule.aliases)
    return "CWE-506" in finding.rule.weaknesses or any(n.startswith("MAL-") for n in names)


def _epss_value(epss: float) -> float:
    """EPSS spans four powers of ten; its logarithm spreads them: 0.0001 is 0, 0.01 is 0.5."""
    return min(1.0, max(0.0, (math.log10(max(epss, 1e-4)) + 4) / 4))


_CONFIDENCE = {"high": 0.65, "medium": 0.45, "low": 0.2}


def _other_likelihood(finding: Finding) -> tuple[Exploitation, Input, bool]:
    confidence = finding.signals.confidence
    if finding.kind is Kind.SECRET:
        if confidence == "high" and finding.signals.exploit == "active":
            return Exploitation.ACTIVE, known(1.0, _VERIFIED), True
        return Exploitation.LIKELY, unknown(0.75, 0.4, 1.0, _UNVERIFIED), True
    if finding.kind is Kind.LICENCE:
        return Exploitation.UNLIKELY, known(0.1), True
    if confidence in _CONFIDENCE:
        level = Exploitation.UNLIKELY if confidence == "low" else Exploitation.POSSIBLE
        words = _CONFIDENCE_WORDS[confidence]
        return (
            level,
            known(_CONFIDENCE[confidence], Reason(f"confidence-{confidence}", words)),
            True,
        )
    return Exploitation.POSSIBLE, unknown(0.4, 0.2, 0.65), False


_VERIFIED = Reason("secret-live", T("the secret was tried and works"))
_UNVERIFIED = Reason("secret-unverified", T("whether the secret still works is unknown"))
_CONFIDENCE_WORDS = {
    "high": T("the tool is sure of it"),
    "medium": T("the tool is fairly sure of it"),
    "low": T("the tool is not sure of it"),
}

_EXPOSURE = {Exposure.OPEN: 1.0, Exposure.CONTROLLED: 0.6, Exposure.SMALL: 0.3}
_CRITICALITY = {Criticality.HIGH: 1.0, Criticality.MEDIUM: 0.65, Criticality.LOW: 0.35}


def exposure(finding: Finding, asset: Asset) -> Input:
    """Who can reach the asset, and whether the flawed code is reached at all."""
    reach = finding.signals.reachable
    reasons: list[Reason] = []
    if reach is not None:
        words = T("the flawed code is reached") if reach else T("the flawed code is not reached")
        reasons.append(Reason("reachable" if reach else "unreachable", words))
    factor = 0.4 if reach is False else 1.0
    # That nobody says whether it is reached leaves open that it is not.
    least = 0.4 if reach is None and finding.kind is Kind.VULNERABILITY else factor
    value = _EXPOSURE.get(asset.exposure)
    if value is not None:
        reasons.append(Reason(f"exposure-{asset.exposure.value}", _EXPOSURE_WORDS[asset.exposure]))
        return Input(value * factor, value * least, value * factor, (*reasons,), least == factor)
    return unknown(0.65 * factor, 0.3 * least, factor, *reasons)


_EXPOSURE_WORDS = {
    Exposure.OPEN: T("reachable from the internet"),
    Exposure.CONTROLLED: T("reachable from a controlled network"),
    Exposure.SMALL: T("hardly reachable"),
}


def criticality(asset: Asset) -> Input:
    """What it would cost to lose the asset."""
    value = _CRITICALITY.get(asset.criticality)
    if value is None:
        return unknown(0.65, 0.35, 1.0)
    return known(
        value,
        Reason(f"criticality-{asset.criticality.value}", _CRITICALITY_WORDS[asset.criticality]),
    )


_CRITICALITY_WORDS = {
    Criticality.HIGH: T("the asset is critical to the business"),
    Criticality.MEDIUM: T("the asset matters"),
    Criticality.LOW: T("the asset matters little"),
}


def agreed(finding: Finding) -> Input:
    """1 when several tools say it, less when a tool that could know does not. One voice alone
    is neither: nobody was there to contradict."""
    said, silent = len(finding.agreement.said), len(finding.agreement.silent)
    if said > 1:
        return known(1.0, Reason("agreement", T("{count} scanners agree", count=said)))
    if silent:
        return known(
            0.3,
            Reason("disagreement", T("only {said} reports it; {silent} looked and did not",
                                     said=finding.sources[0], silent=finding.agreement.silent)),
        )  # fmt: skip
    return unknown(0.6, 0.3, 1.0)


def mendable(finding: Finding) -> Input:
    """1 when there is a fix, because then the time is well spent."""
    state = finding.fix.state
    if state is FixState.FIXED:
        if not finding.fix.versions:
            return known(1.0, Reason("fix", T("a fix is available")))
        version = finding.fix.versions[0]
        return known(1.0, Reason("fix", T("a fix is available: {version}", version=version)))
    if state is FixState.UNKNOWN:
        return unknown(0.5, 0.0, 1.0)
    return known(0.0, Reason(f"fix-{state.value}", _FIX_WORDS[state]))


_FIX_WORDS = {
    FixState.NOT_FIXED: T("there is no fix yet"),
    FixState.WILL_NOT_FIX: T("the vendor will not fix it"),
    FixState.DEFERRED: T("the vendor has deferred the fix"),
    FixState.END_OF_LIFE: T("the product is past its end of life"),
}

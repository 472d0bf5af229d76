"""What each input of a priority is worth, and what it could be at worst and best."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.triage.build import IMAGE, findings, flaw, hit

from vigie.model.assets import Exposure
from vigie.model.findings import Agreement, Finding, MergedFix
from vigie.model.observations import FixState, Kind, Score, Signals
from vigie.model.policy import Thresholds
from vigie.model.severity import Severity
from vigie.model.text import ENGLISH, Words
from vigie.triage.inputs import (
    Exploitation,
    agreed,
    exposure,
    impact,
    likelihood,
    mendable,
)


def finding(**changes: object) -> Finding:
    return replace(findings(flaw("CVE-2024-1"))[0], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("epss", "value", "level"),
    [
        (0.0, 0.0, Exploitation.UNLIKELY),
        (0.0001, 0.0, Exploitation.UNLIKELY),
        (0.01, 0.5, Exploitation.POSSIBLE),
        (0.1, 0.75, Exploitation.LIKELY),
        (1.0, 1.0, Exploitation.LIKELY),
    ],
)
def test_likelihood_follows_the_magnitude_of_epss(
    epss: float, value: float, level: Exploitation
) -> None:
    got, part, is_known = likelihood(finding(signals=Signals(epss=epss)), Thresholds())
    assert (got, is_known) == (level, True)
    assert part.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("epss", "english", "french"),
    [(0.0784, "7.8 %", "7,8 %"), (0.5, "50.0 %", "50,0 %"), (0.0004, "<0.1 %", "<0,1 %")],
)
def test_the_likelihood_is_said_with_the_digits_of_the_language(
    epss: float, english: str, french: str
) -> None:
    _, part, _ = likelihood(finding(signals=Signals(epss=epss)), Thresholds())
    said = part.reasons[-1].text
    assert ENGLISH(said).startswith(english)
    assert Words("fr")(said).startswith(french.replace(" ", "\u202f"))


def test_a_score_is_said_with_the_digits_of_the_language() -> None:
    (why,) = impact(finding(scores=(Score("nvd", "3.1", "", 6.0),))).reasons
    assert ENGLISH(why.text) == "CVSS 6.0 (3.1, nvd)"
    assert Words("fr")(why.text) == "CVSS 6,0 (3.1, nvd)"


def test_unknown_likelihood_is_a_range() -> None:
    level, part, is_known = likelihood(finding(), Thresholds())
    assert (level, is_known) == (Exploitation.POSSIBLE, False)
    assert part.low < part.value < part.high


def test_impact_is_the_mean_of_word_and_score() -> None:
    assert impact(finding()).value == 0.8
    assert impact(finding(scores=(Score("nvd", "3.1", "", 6.0),))).value == pytest.approx(0.7)
    unknown = impact(finding(severity=Severity.UNKNOWN))
    assert (unknown.low, unknown.value, unknown.high) == (0.0, 0.5, 1.0)


def test_reach_bounds_the_exposure_of_vulnerabilities_only() -> None:
    asset = replace(IMAGE, exposure=Exposure.OPEN)
    unknown = exposure(finding(), asset)
    assert (unknown.low, unknown.value, unknown.high) == (0.4, 1.0, 1.0)
    unreached = exposure(finding(signals=Signals(reachable=False)), asset)
    assert (unreached.low, unreached.value, unreached.high) == (0.4, 0.4, 0.4)
    code = exposure(findings(hit("R1", "a.py", 1, kind=Kind.WEAKNESS))[0], asset)
    assert (code.low, code.value, code.high) == (1.0, 1.0, 1.0)


def test_a_lone_voice_is_neither_agreement_nor_contradiction() -> None:
    assert agreed(finding(agreement=Agreement(("a", "b")))).value == 1.0
    assert agreed(finding(agreement=Agreement(("a",), ("b",)))).value == 0.3
    alone = agreed(finding(agreement=Agreement(("a",))))
    assert alone.low < alone.value < alone.high


def test_a_fix_makes_the_time_well_spent() -> None:
    assert mendable(finding(fix=MergedFix(FixState.FIXED, ("2.0",)))).value == 1.0
    assert mendable(finding(fix=MergedFix(FixState.WILL_NOT_FIX))).high == 0.0
    assert mendable(finding(fix=MergedFix())).high == 1.0

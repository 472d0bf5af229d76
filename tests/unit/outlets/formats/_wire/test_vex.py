from __future__ import annotations

import pytest

from vigie.model.findings import Finding, Status, Suppression
from vigie.model.observations import Kind, Rule
from vigie.outlets.formats._wire.vex import (
    cyclonedx_justification,
    is_false_positive,
    openvex_justification,
)


def decided(reason: str, status: Status = Status.SUPPRESSED) -> Finding:
    why = Suppression(status, reason, "file")
    return Finding("f", Kind.VULNERABILITY, Rule("CVE-1"), "shop", status=status, suppression=why)


@pytest.mark.parametrize(
    ("reason", "openvex", "cyclonedx"),
    [
        ("component_not_present", "component_not_present", "code_not_present"),
        ("code_not_reachable", "vulnerable_code_not_in_execute_path", "code_not_reachable"),
        ("inline_mitigations_already_exist", "inline_mitigations_already_exist",
         "protected_by_mitigating_control"),
        ("protected_at_perimeter", "inline_mitigations_already_exist", "protected_at_perimeter"),
        ("because we say so", "", ""),
    ],
)  # fmt: skip
def test_a_justification_is_said_in_each_vocabulary(
    reason: str, openvex: str, cyclonedx: str
) -> None:
    assert openvex_justification(decided(reason)) == openvex
    assert cyclonedx_justification(decided(reason)) == cyclonedx


def test_a_false_positive_is_recognised_in_both_languages() -> None:
    assert is_false_positive(decided("false_positive"))
    assert is_false_positive(decided("C'est un faux positif."))
    assert not is_false_positive(decided("accepted"))
    assert not is_false_positive(decided("false positive", Status.UNDER_INVESTIGATION))

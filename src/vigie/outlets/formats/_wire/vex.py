"""The words of VEX: how a decision about a finding is said in each vocabulary."""

from __future__ import annotations

import re

from vigie.model.findings import Finding, Status

# OpenVEX 0.2.0 'Status Justifications' to CycloneDX 1.6 'impactAnalysisJustification'.
_TO_CYCLONEDX = {
    "component_not_present": "code_not_present",
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "vulnerable_code_cannot_be_controlled_by_adversary": "requires_environment",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
}
_CYCLONEDX = {
    "code_not_present": "vulnerable_code_not_present",
    "code_not_reachable": "vulnerable_code_not_in_execute_path",
    "requires_configuration": "vulnerable_code_cannot_be_controlled_by_adversary",
    "requires_dependency": "vulnerable_code_not_in_execute_path",
    "requires_environment": "vulnerable_code_cannot_be_controlled_by_adversary",
    "protected_by_compiler": "inline_mitigations_already_exist",
    "protected_at_runtime": "inline_mitigations_already_exist",
    "protected_at_perimeter": "inline_mitigations_already_exist",
    "protected_by_mitigating_control": "inline_mitigations_already_exist",
}
_FALSE = re.compile(r"\bfalse[ _-]?positive\b|\bfaux[ _-]positif\b", re.IGNORECASE)


def openvex_justification(finding: Finding) -> str:
    """One of OpenVEX's five justifications, "" when the reason is none of them."""
    reason = _reason(finding)
    return reason if reason in _TO_CYCLONEDX else _CYCLONEDX.get(reason, "")


def cyclonedx_justification(finding: Finding) -> str:
    """One of CycloneDX's justifications, "" when the reason is none of them."""
    reason = _reason(finding)
    return reason if reason in _CYCLONEDX else _TO_CYCLONEDX.get(reason, "")


def is_false_positive(finding: Finding) -> bool:
    """Whether somebody set it aside because the tool was mistaken."""
    return finding.status is Status.SUPPRESSED and bool(_FALSE.search(_reason(finding)))


def _reason(finding: Finding) -> str:
    return finding.suppression.reason.strip() if finding.suppression is not None else ""

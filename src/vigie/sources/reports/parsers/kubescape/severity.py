"""Kubescape rates a control by a factor from 1 to 10."""

from __future__ import annotations

from vigie.model.severity import Severity


def severity_of_factor(factor: float | None) -> Severity:
    """Kubescape's own steps (`ControlSeverityToString` in opa-utils)."""
    if not factor:
        return Severity.UNKNOWN
    for floor, severity in ((9, Severity.CRITICAL), (7, Severity.HIGH), (4, Severity.MEDIUM)):
        if factor >= floor:
            return severity
    return Severity.LOW

from __future__ import annotations

from typing import Any

import pytest
from tests.plugs.report_samples import PARSERS
from tests.unit.sources.reports.parsers.read import first, identity, place, read

from vigie.model.runs import ProblemCode
from vigie.model.severity import Severity
from vigie.sources.reports.document import document_from_bytes


def report(**changes: Any) -> list[dict[str, Any]]:
    hit = {
        "line": 3,
        "code": "DL3008",
        "message": "Pin versions",
        "column": 1,
        "file": "./web/Dockerfile",
        "level": "warning",
    }
    return [hit | changes]


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        ("error", Severity.HIGH),
        ("warning", Severity.MEDIUM),
        ("info", Severity.LOW),
        ("style", Severity.NONE),
        ("ignore", Severity.UNKNOWN),
    ],
)
def test_level_gives_the_severity(level: str, severity: Severity) -> None:
    seen = first("hadolint", report(level=level))
    assert (seen.severity, seen.severity_said) == (severity, level)


def test_shifted_hit_keeps_the_identity() -> None:
    assert identity("hadolint", report()) == identity("hadolint", report(line=13))


def test_path_of_windows_is_the_same() -> None:
    assert place("hadolint", report(file="web\\Dockerfile")).path == "web/Dockerfile"


def test_shell_rule_points_to_its_own_wiki() -> None:
    assert "shellcheck/wiki/SC2086" in first("hadolint", report(code="SC2086")).rule.references[0]


def test_array_of_shellcheck_itself_is_not_taken() -> None:
    data = b'[{"file":"a.sh","line":1,"column":1,"level":"info","code":2086,"message":"quote"}]'
    assert not PARSERS["hadolint"].recognises(document_from_bytes(data).sketch)


def test_file_that_could_not_be_parsed_makes_the_run_partial() -> None:
    (unread,) = read("hadolint", report(code="DL1000", level="error")).problems
    assert (unread.code, unread.where, unread.record) == (
        ProblemCode.REPORT,
        "web/Dockerfile",
        "",
    )
    assert not read("hadolint", report()).problems

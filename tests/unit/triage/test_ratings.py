"""What a CVSS vector amounts to, and which of several ratings counts."""

from __future__ import annotations

import pytest
from tests.unit.triage.build import findings, flaw

from vigie.model.observations import Score
from vigie.model.severity import Severity
from vigie.triage.ratings import base_score, decisive

CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


@pytest.mark.parametrize(
    ("version", "vector", "expected"),
    [
        ("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("3.0", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("2.0", "AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0),
        ("4.0", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("3.1", "garbage", None),
        ("", "", None),
    ],
)
def test_base_score(version: str, vector: str, expected: float | None) -> None:
    assert base_score(version, vector) == expected


def test_the_newest_version_counts_and_of_it_the_highest() -> None:
    scores = (Score("a", "2.0", "", 10.0), Score("b", "3.1", "", 5.0), Score("c", "3.0", "", 7.5))
    assert decisive(scores) == (7.5, scores[2])
    assert decisive(reversed(scores)) == (7.5, scores[2])
    assert decisive([Score("a", "3.1", "garbage")]) is None


def test_a_vector_alone_is_enough_for_a_severity() -> None:
    seen = flaw("CVE-2024-1", severity=Severity.UNKNOWN, scores=(Score("osv", "3.1", CRITICAL),))
    found = findings(seen)[0]
    assert (found.severity, found.severity_source) == (Severity.CRITICAL, "cvss:osv")

"""docs/priority.md publishes the formula that the code uses."""

from __future__ import annotations

import re
from pathlib import Path

from vigie.model.assets import Exposure
from vigie.model.findings import Decision
from vigie.model.policy import Thresholds, Weights
from vigie.model.severity import Severity
from vigie.triage import priority
from vigie.triage.inputs import Exploitation

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "priority.md").read_text(encoding="utf-8")


def rows(columns: int) -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns]


def test_table_of_decisions_is_the_codes() -> None:
    shown = {(r[0], r[1]): r[2:] for r in rows(5) if r[0] != "exploitation"}
    assert len(shown) == len(Exploitation) * 4
    columns = (Exposure.SMALL, Exposure.CONTROLLED, Exposure.OPEN)
    for level in Exploitation:
        for band in (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL):
            cells = priority.cell_of(level, band)
            assert [Decision(d) for d in shown[level.name.lower(), band.value]] == [
                cells[column] for column in columns
            ]


def test_weights_and_thresholds_are_the_codes() -> None:
    shown = {r[0]: float(r[1]) for r in rows(4) if r[0] != "input"}
    weights = Weights()
    assert shown == {name: getattr(weights, name) for name in shown}
    assert len(shown) == 6
    found = re.search(r"epss_likely: ([\d.]+), epss_possible: ([\d.]+)", PAGE)
    assert found is not None
    assert (float(found[1]), float(found[2])) == (
        Thresholds().epss_likely,
        Thresholds().epss_possible,
    )

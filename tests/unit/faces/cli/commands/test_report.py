"""`vigie report`: the same result in other forms."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.faces.cli.conftest import Call


def test_json_comes_out_as_it_went_in(vigie: Call, result: Path) -> None:
    done = vigie("report", result, "--format", "json")
    assert done.code == 0
    assert json.loads(done.raw) == json.loads(result.read_text())


def test_a_scanners_report_is_no_result_and_says_what_to_do(vigie: Call, report: Path) -> None:
    done = vigie("report", report)
    assert done.code == 2
    assert "merge" in done.err


def test_a_file_that_is_not_there(vigie: Call) -> None:
    assert vigie("report", "none.json").code == 2

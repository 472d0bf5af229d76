from __future__ import annotations

from typing import Any

from tests.unit.sources.reports.parsers.read import first, identity, place, read

from vigie.model.identity import secret_anchor
from vigie.model.observations import Stance


def report(**changes: Any) -> dict[str, Any]:
    hit = {
        "type": "Secret Keyword",
        "filename": "config/app.env",
        "hashed_secret": secret_anchor("demo_tulip42moon77"),
        "is_verified": False,
        "line_number": 4,
    }
    return {"version": "1.5.0", "plugins_used": [], "results": {"config/app.env": [hit | changes]}}


def test_hash_is_the_anchor_that_other_tools_make_of_the_value() -> None:
    assert place("detect-secrets", report()).anchor == secret_anchor("demo_tulip42moon77")


def test_value_that_is_no_hash_is_not_kept() -> None:
    assert place("detect-secrets", report(hashed_secret="demo_tulip42moon77")).anchor == ""


def test_shifted_secret_keeps_the_identity() -> None:
    assert identity("detect-secrets", report()) == identity(
        "detect-secrets", report(line_number=14)
    )


def test_audited_as_no_secret_is_suppressed() -> None:
    claim = first("detect-secrets", report(is_secret=False)).claim
    assert claim is not None and claim.stance is Stance.SUPPRESSED
    assert first("detect-secrets", report(is_secret=True)).claim is None
    assert first("detect-secrets", report()).claim is None


def test_verified_or_audited_is_certain() -> None:
    assert first("detect-secrets", report(is_verified=True)).signals.confidence == "high"
    assert first("detect-secrets", report(is_secret=True)).signals.confidence == "high"
    assert first("detect-secrets", report()).signals.confidence == ""


def test_clean_baseline_is_an_empty_report() -> None:
    assert read("detect-secrets", {"plugins_used": [], "results": {}}).records == 0


def test_file_whose_entry_is_no_list_is_a_counted_problem() -> None:
    said = read("detect-secrets", {"plugins_used": [], "results": {"a.env": "x"}})
    assert (said.records, len(said.observations), len(said.problems)) == (1, 0, 1)

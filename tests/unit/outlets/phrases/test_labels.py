"""Every value has its word, and every severity its shape and colour."""

from __future__ import annotations

from vigie.model.assets import AssetKind
from vigie.model.findings import Decision, Status
from vigie.model.observations import FixState, Kind
from vigie.model.results import GateOutcome
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.outlets.phrases import labels


def test_no_value_lacks_its_word() -> None:
    assert set(labels.SEVERITY) == set(labels.SHAPES) == set(labels.COLOURS) == set(Severity)
    assert set(labels.DECISION) == set(Decision)
    assert set(labels.DECISION_MEANING) == set(Decision)
    assert set(labels.ASSET) == set(AssetKind)
    assert set(labels.DECISIONS) == {*Decision, None}
    assert set(labels.KIND) == set(Kind)
    assert set(labels.STATUS) == set(Status)
    assert set(labels.FIX) == set(FixState)
    assert set(labels.OUTCOME) == set(Outcome)
    assert set(labels.GATE) == set(GateOutcome)


def test_shapes_tell_severities_apart_without_colour() -> None:
    assert len(set(labels.SHAPES.values())) == len(Severity)


def test_what_nobody_weighed_is_undecided() -> None:
    assert labels.decision_text(None) is labels.UNDECIDED
    assert str(labels.decision_text(Decision.ACT)) == "act now"

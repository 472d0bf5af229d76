"""What a server's gate says of many assets is one verdict, by one policy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from vigie.client.made.shapes import GateAnswer, GateQuestion
from vigie.model.errors import SourceError
from vigie.model.results import GateOutcome
from vigie.services import pushing
from vigie.services.pushing import judge


class Gate:
    """A server whose gate gives these answers, one after the other."""

    def __init__(self, *answers: tuple[str, str, int | None]) -> None:
        self.asked: list[Any] = []
        self._answers = iter(answers)

    def judge_gate(self, question: GateQuestion) -> GateAnswer:
        self.asked.append(question.assets)
        outcome, policy, version = next(self._answers)
        return GateAnswer(by_severity={}, findings=0, outcome=outcome, policy=policy,
                          policy_version=version, rulings=[])  # fmt: skip


def judged(gate: Gate) -> pushing.Judged:
    imports: Any = [SimpleNamespace(summary={"assets": {"a": 1}}),
                    SimpleNamespace(summary={"assets": {"b": 1, "c": 1}})]  # fmt: skip
    client: Any = gate
    return judge(client, imports)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "MOST_ASSETS", 2)


def test_no_of_some_is_no_for_all_and_the_version_is_told() -> None:
    gate = Gate(("pass", "ours", 3), ("fail", "ours", 3))
    found = judged(gate)
    assert gate.asked == [["a", "b"], ["c"]]
    assert (found.gate.outcome, found.gate.policy, found.version) == (GateOutcome.FAIL, "ours", 3)
    assert judged(Gate(("pass", "strict", None), ("pass", "strict", None))).version is None


def test_a_word_that_nobody_knows_is_incomplete() -> None:
    assert judged(Gate(("pass", "x", 1), ("sure", "x", 1))).gate.outcome is GateOutcome.INCOMPLETE


@pytest.mark.parametrize("other", [("ours", 4), ("theirs", 3), ("ours", None)], ids=str)
def test_a_policy_that_changes_in_between_is_no_yes(other: tuple[str, int | None]) -> None:
    with pytest.raises(SourceError, match="changed the policy"):
        judged(Gate(("pass", "ours", 3), ("pass", *other)))

"""What is kept is not worked out again, until it is forgotten."""

from __future__ import annotations

from vigie.triage import forgetting
from vigie.triage.forgetting import forget, kept


def test_an_answer_is_kept_until_it_is_forgotten() -> None:
    asked = []

    @kept(2)
    def answer(number: int) -> int:
        asked.append(number)
        return number + 1

    try:
        assert [answer(1), answer(1)] == [2, 2]
        assert asked == [1]
        forget()
        assert answer(1) == 2
        assert asked == [1, 1]
        assert [answer(2), answer(3), answer(1)] == [3, 4, 2]  # two are kept
        assert asked == [1, 1, 2, 3, 1]
    finally:
        forgetting._kept.pop()

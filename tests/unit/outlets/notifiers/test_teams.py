"""Teams' cards."""

from __future__ import annotations

from typing import Any

from tests.unit.outlets.notifiers.test_slack import NASTY, nasty

from vigie.model.text import ENGLISH
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.teams import payload


def elements(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(one for inner in value.values() for one in elements(inner))]
    return [one for inner in value for one in elements(inner)] if isinstance(value, list) else []


def test_text_of_others_stands_in_runs_that_are_no_markdown() -> None:
    body = payload(say(nasty(), ENGLISH))
    holding = [e for e in elements(body) if any(NASTY in str(v) for v in e.values()
                                                if isinstance(v, str))]  # fmt: skip
    assert {element["type"] for element in holding} == {"TextRun", "AdaptiveCard"}
    (card,) = [e for e in elements(body) if e.get("type") == "AdaptiveCard"]
    # `fallbackText` is what a client without cards shows; nothing else of the card is text.
    assert [k for k, v in card.items() if NASTY in str(v) and isinstance(v, str)] == [
        "fallbackText"
    ]
    assert not any(e.get("type") in ("TextBlock", "FactSet") for e in elements(body))


def test_a_mention_has_nobody_to_mention() -> None:
    assert "entities" not in str(payload(say(nasty(), ENGLISH)))

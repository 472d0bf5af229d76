"""PagerDuty's events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugs.test_notifiers import MESSAGE

from vigie.model.severity import Severity
from vigie.model.text import ENGLISH
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.pagerduty import SEVERITIES, dedup_key, payload
from vigie.ports.notifiers import Matter, Message


def event(message: Message) -> dict[str, object]:
    return payload(message, say(message, ENGLISH), "KEY")


def test_what_is_over_resolves_what_was_opened() -> None:
    opened = event(MESSAGE)
    resolved = event(replace(MESSAGE, matter=Matter.RESOLVED, sent="2026-02-01T00:00:00Z"))
    assert opened["event_action"] == "trigger"
    assert resolved == {
        "routing_key": "KEY",
        "dedup_key": opened["dedup_key"],
        "event_action": "resolve",
    }


def test_a_change_stays_with_its_alert() -> None:
    changed = event(replace(MESSAGE, matter=Matter.CHANGED))
    assert (changed["event_action"], changed["dedup_key"]) == ("trigger", "finding:1")


@pytest.mark.parametrize("key", ["", "k" * 256, "é", "a\nb"])
def test_a_key_that_pagerduty_cannot_take_becomes_its_digest(key: str) -> None:
    message = replace(MESSAGE, key=key)
    found = dedup_key(message, say(message, ENGLISH))
    assert found != key
    assert len(found) == 40
    later = replace(message, sent="2026-02-01T00:00:00Z", matter=Matter.RESOLVED)
    assert dedup_key(later, say(later, ENGLISH)) == found


def test_severities_are_those_that_pagerduty_knows() -> None:
    assert set(SEVERITIES) == set(Severity)
    for severity, word in SEVERITIES.items():
        body = event(replace(MESSAGE, severity=severity))["payload"]
        assert isinstance(body, dict)
        assert body["severity"] == word
    assert SEVERITIES[Severity.UNKNOWN] != "info", "what nobody rated is not harmless"
    test = event(replace(MESSAGE, matter=Matter.TEST))["payload"]
    assert isinstance(test, dict)
    assert test["severity"] == "info"

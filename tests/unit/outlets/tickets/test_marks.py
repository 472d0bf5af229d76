"""Keys and labels: a ticket is found again by what was written into it, and only that one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from vigie.model.severity import Severity
from vigie.outlets.tickets._marks import carries, group_label, kept, key_label, labels, marked
from vigie.ports.tickets import Draft


@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=200))
def test_a_body_carries_its_key_and_no_other(key: str, other: str, text: str) -> None:
    body = marked(key, f"{text}\n{marked(other, text)}")
    assert carries(key, body)
    assert carries(other, body) is (key == other)
    assert not carries(key, text.replace("<!--", ""))


@given(st.text(max_size=100))
def test_labels_are_words_that_every_system_takes(key: str) -> None:
    assert re.fullmatch(r"[a-z0-9._-]{1,50}", key_label(key))
    assert re.fullmatch(r"vigie-[0-9a-f]{2}", group_label(key))


def test_a_simple_key_is_read_by_people() -> None:
    assert key_label("0c0ffee") == "vigie-0c0ffee"
    assert key_label("A") != key_label("a")


def test_what_is_asked_for_and_what_people_added_stays_without_old_severities() -> None:
    draft = Draft("k", "t", "b", Severity.LOW, ("é t", "a,b", "", "x" * 99, "é t"))
    assert labels(draft) == ["vigie", "severity-low", "é-t", "a-b", "x" * 50]
    assert labels(Draft("k", "t", "b")) == ["vigie"]
    assert kept(["mine", "severity-high", "vigie"], labels(draft))[:3] == [
        "mine", "vigie", "severity-low",
    ]  # fmt: skip

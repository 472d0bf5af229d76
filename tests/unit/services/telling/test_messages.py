"""Gists in words, in both languages, and sentences kept as data."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.severity import Severity
from vigie.model.text import ENGLISH, T, Text
from vigie.ports.notifiers import Matter
from vigie.services.sentences import plain, spoken
from vigie.services.telling.messages import message_of, title_of, trial_message
from vigie.watch.grouping import BACK, CLOSED, NEW, gist_of, merged, note_of
from vigie.wiring.words import words

FRENCH = words("fr")


def gist(event: str, number: int, *assets: str) -> dict[str, Any]:
    return gist_of(event, [Severity.HIGH] * number, assets={name: name for name in assets})


@pytest.mark.parametrize(
    ("gists", "english", "french"),
    [
        ([gist(NEW, 1, "shop")], "1 new finding in shop", "1 nouveau constat dans shop"),
        ([gist(NEW, 2, "a", "b")], "2 new findings in 2 assets",
         "2 nouveaux constats dans 2 actifs"),
        ([gist(BACK, 2, "shop"), gist(CLOSED, 1, "shop")], "2 findings are back in shop",
         "2 constats de retour dans shop"),
        ([gist(CLOSED, 1, "shop")], "1 finding closed in shop", "1 constat clos dans shop"),
        ([note_of("scan.failed", Severity.HIGH, ("scan", "1"), {})], "a scan failed",
         "une analyse a échoué"),
        ([note_of("scan.failed", Severity.HIGH, ("scan", n), {}) for n in "12"],
         "a scan failed (2)", "une analyse a échoué (2)"),
        ([note_of("odd.event", Severity.HIGH, ("x", "1"), {})], "odd.event", "odd.event"),
        ([gist(NEW, 30, *(f"{n:02}" for n in range(30)))], "30 new findings in more than 20 assets",
         "30 nouveaux constats dans plus de 20 actifs"),
    ],
    ids=["one", "several", "back", "closed", "scan", "scans", "unknown", "many"],
)  # fmt: skip
def test_titles(gists: list[dict[str, Any]], english: str, french: str) -> None:
    title = title_of(reduce(merged, gists))
    assert (ENGLISH(title), FRENCH(title)) == (english, french)


@pytest.mark.parametrize(
    ("events", "summary"),
    [((NEW, BACK, CLOSED), "1 are back, 1 closed."), ((NEW, BACK), "1 are back."),
     ((BACK, CLOSED), "1 closed."), ((NEW,), None)],
    ids=["all", "back", "closed", "none"],
)  # fmt: skip
def test_summaries(events: tuple[str, ...], summary: str | None) -> None:
    row = {
        "key": "k",
        "matter": "opened",
        "message": {"gist": reduce(merged, [gist(e, 1, "a") for e in events]), "sent": "s"},
    }
    said = message_of(row).summary
    assert (ENGLISH(said) if said is not None else None) == summary


def test_without_an_address_there_are_no_links() -> None:
    row = {"key": "k", "matter": "opened", "message": {"gist": gist(NEW, 1, "a"), "sent": "s"}}
    assert message_of(row).url == ""
    assert message_of(row, address="https://v.example").url == (
        "https://v.example/findings?asset_id=a")  # fmt: skip


def test_a_test_is_no_alarm() -> None:
    message = trial_message("Acme", "2026-03-01T12:00:00+00:00", "", "test/1")
    assert (message.matter, message.severity) == (Matter.TEST, Severity.NONE)
    assert FRENCH(message.title) == "ce canal fonctionne"


params = st.dictionaries(
    st.sampled_from(["a", "b"]), st.text() | st.integers() | st.just(T("high")), max_size=2
)


@given(params, st.integers(0, 3))
def test_a_sentence_survives_being_kept(given: dict[str, Any], count: int) -> None:
    template = "{count} of " + " ".join(f"{{{name}}}" for name in given)
    text = Text(template, {**given, "count": count}, f"{template}s")
    again = spoken(plain(text))
    assert again is not None
    assert FRENCH(again)[:500] == FRENCH(text)[:500]


def test_nothing_said_is_nothing() -> None:
    assert (plain(None), plain("")) == (None, None)
    assert (spoken(None), spoken({})) == (None, None)
    kept = spoken(plain("{as it was}"))
    assert kept is not None
    assert ENGLISH(kept) == "{as it was}"

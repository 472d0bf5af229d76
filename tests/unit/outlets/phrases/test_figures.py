"""Numbers, times and hostile strings."""

from __future__ import annotations

import pytest

from vigie.outlets.phrases.figures import (
    clean,
    decimal,
    line,
    local,
    middle,
    moment,
    number,
    sentence,
    when,
)


def test_numbers_in_both_languages() -> None:
    assert number(1234567, "en") == "1,234,567"
    assert number(1234567, "fr") == "1\u202f234\u202f567"
    assert decimal(7.25, "en") == "7.2"
    assert decimal(99.5, "fr") == "99,5"
    assert decimal(0.1234, "en", 3) == "0.123"


def test_times() -> None:
    assert when("2025-03-04T05:06:07Z") == "2025-03-04 05:06 UTC"
    assert when("2025-03-04T05:06:07+02:00") == "2025-03-04 03:06 UTC"
    assert when("2025-03-04") == "2025-03-04"
    assert when("yesterday") == "yesterday"
    assert when("") == ""
    assert moment("no time") is None


def test_times_by_the_clock_they_were_told_by() -> None:
    assert local("2025-03-04T05:06:07+02:00") == "2025-03-04 05:06 UTC+02:00"
    assert local("2025-03-04T23:06:07-03:30") == "2025-03-04 23:06 UTC-03:30"
    for text in ("2025-03-04T05:06:07Z", "2025-03-04", "yesterday", "", "2025-03-04T05:06:07"):
        assert local(text) == when(text)


@pytest.mark.parametrize("acting", ["\x1b", "\x07", "\x00", "\x9b", "\u202e", "\u2066", "\x7f"])
def test_what_acts_is_taken_out(acting: str) -> None:
    assert acting not in clean(f"a{acting}b")
    assert acting not in line(f"a{acting}b")


def test_lines_and_tabs_stay_in_clean_and_go_in_line() -> None:
    assert clean("a\tb\r\nc\ud800") == "a\tb\nc\ufffd"
    assert line("  a\tb\r\n c ") == "a b c"


def test_cutting() -> None:
    assert line("abcdefgh", 5) == "abcd…"
    assert line("abcde", 5) == "abcde"
    assert middle("sha256:0123456789abcdef", 11) == "sha25…bcdef"
    assert middle("short", 11) == "short"
    assert len(middle("x" * 99, 10)) == 10


def test_a_sentence_is_cut_between_words() -> None:
    assert sentence("all of it", 9) == "all of it"
    assert sentence("allows  remote, attackers", 17) == "allows remote…"
    assert sentence("If an upload. Then", 15) == "If an upload…"
    assert sentence("a" * 20, 9) == "aaaaaaaa…"
    assert sentence("a " + "b" * 40, 20) == "a " + "b" * 17 + "…"

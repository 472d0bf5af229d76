"""Sentences in two languages: plurals and figures as each writes them."""

from __future__ import annotations

import pytest

from vigie.model.text import ENGLISH, T, Words, grouped

FRENCH = Words("fr", {"{count} row": "{count} ligne", "{count} rows": "{count} lignes"})


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (0, "0 rows", "0 ligne"),
        (1, "1 row", "1 ligne"),
        (2, "2 rows", "2 lignes"),
        (102345, "102,345 rows", "102\u202f345 lignes"),
    ],
)
def test_counts_follow_the_language(count: int, english: str, french: str) -> None:
    text = T("{count} row", "{count} rows", count=count)
    assert ENGLISH(text) == english
    assert FRENCH(text) == french


def test_only_counts_are_grouped() -> None:
    assert ENGLISH(T("line {line}", line=12345)) == "line 12345"
    assert grouped(-1234, "en") == "-1,234"


def test_decimals_follow_the_language() -> None:
    assert ENGLISH(T("CVSS {score}", score=8.6)) == "CVSS 8.6"
    assert FRENCH(T("CVSS {score}", score=8.0)) == "CVSS 8,0"
    assert FRENCH(T("{share:.2f} %", share=0.125)) == "0,12\u202f%"
    assert FRENCH(T("of {list}", list=(7.5, 8.0))) == "of 7,5, 8,0"


def test_the_sign_of_per_cent_keeps_the_space_of_its_language() -> None:
    said = T("{percent} % likely", percent=7.8)
    french = Words("fr", {"{percent} % likely": "{percent} % de probabilité"})
    assert ENGLISH(said) == "7.8 % likely"
    assert french(said) == "7,8\u202f% de probabilité"


def test_texts_inside_texts_are_said_in_the_same_language() -> None:
    inner = T("{count} row", "{count} rows", count=2)
    assert FRENCH(T("{a}: {b}", a=inner, b=("x", inner))) == "2 lignes: x, 2 lignes"


def test_a_sentence_that_stands_alone_begins_with_a_capital_unless_a_name_begins_it() -> None:
    french = Words("fr", {"upgrade {name}": "mettre à niveau {name}", "{what} again": "{what} !"})
    upgrade = T("upgrade {name}", name="demo")
    assert ENGLISH.sentence(upgrade) == "Upgrade demo"
    assert french.sentence(upgrade) == "Mettre à niveau demo"
    assert french.sentence(T("{what} again", what=upgrade)) == "Mettre à niveau demo !"
    assert ENGLISH.sentence(T("{rule} is new", rule="generic-key")) == "generic-key is new"
    assert ENGLISH.sentence(T("")) == ""

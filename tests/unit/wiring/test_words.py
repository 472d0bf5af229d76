"""Which language is spoken, and that the catalogue speaks it."""

from __future__ import annotations

import re

import pytest

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.wiring.words import language, language_in, words


@pytest.mark.parametrize(
    ("asked", "environ", "spoken"),
    [
        ("", {}, "en"),
        ("fr", {"LANG": "en_GB.UTF-8"}, "fr"),
        ("", {"VIGIE_LANG": "fr", "LC_ALL": "en_US"}, "fr"),
        ("", {"LC_ALL": "fr_CA.UTF-8", "LANG": "en_GB"}, "fr"),
        ("", {"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        ("", {"LC_ALL": "", "LC_MESSAGES": "fr_FR", "LANG": "en_GB"}, "fr"),
        ("", {"LANG": "fr"}, "fr"),
        ("", {"LANG": "de_DE.UTF-8"}, "en"),
        ("FR", {}, "fr"),
    ],
)
def test_language_is_the_one_asked_for_then_the_locales(
    asked: str, environ: dict[str, str], spoken: str
) -> None:
    assert language(asked, environ) == spoken


def test_a_language_nobody_speaks_here_is_refused_with_the_choice() -> None:
    with pytest.raises(UserError) as caught:
        language("xx", {})
    assert "en, fr" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["scan", ".", "--lang", "fr"], "fr"),
        (["--lang=fr", "scan"], "fr"),
        (["scan", "--", "--lang", "fr"], ""),
        (["scan", "--lang"], ""),
        (["scan"], ""),
    ],
)
def test_the_language_is_seen_before_arguments_are_parsed(arguments: list[str], found: str) -> None:
    assert language_in(arguments) == found


def test_french_is_spoken_and_english_is_the_key() -> None:
    text = T("Choose from: {names}", names=("a", "b"))
    assert words("fr")(text) == "Au choix\u00a0: a, b"
    assert words("en")(text) == "Choose from: a, b"
    assert words("en").catalogue == {}


def test_french_marks_keep_their_word_on_the_line() -> None:
    catalogue = words("fr").catalogue
    assert not [said for said in catalogue.values() if re.search(" [;:!?%»]|« ", said)]
    assert "\u202f;" in "".join(catalogue.values())

from __future__ import annotations

import pytest

from vigie.sources.reports.places import clean_path, cwe_ids, first_sentence, plain_message


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        (".//./src/a.py", "src/a.py"),
        ("../a.py", "../a.py"),
        (".env", ".env"),
        ("/src/a.py", "/src/a.py"),
        ("file:///src/a%20b.py", "/src/a b.py"),
        ("file://src/a.py", "src/a.py"),
        ("file:src/a.py", "src/a.py"),
        ("file:///C:/code/a.c", "C:/code/a.c"),
        ("web\\Dockerfile", "web/Dockerfile"),
        (".\\web\\Dockerfile", "web/Dockerfile"),
        ("odd/na\\me", "odd/na\\me"),
        ("100%done.txt", "100%done.txt"),
        ("", ""),
    ],
)
def test_path_has_one_spelling(said: str, path: str) -> None:
    assert clean_path(said) == path


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("external/cwe/cwe-079", ("CWE-79",)),
        ("CWE-79: Cross-site Scripting", ("CWE-79",)),
        ("cwe:20 and CWE_89", ("CWE-20", "CWE-89")),
        ("CWE-79 CWE-79", ("CWE-79",)),
        ("cwe", ()),
        ("CWE-0", ()),
        ("security", ()),
    ],
)
def test_cwe_ids_are_found_in_words(said: str, ids: tuple[str, ...]) -> None:
    assert cwe_ids(said) == ids


def test_message_loses_the_secrets_in_it() -> None:
    assert plain_message("token abc and abc", "abc", "", " ") == "token … and …"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Use of exec.\n  It is dangerous. See more.", "Use of exec"),
        ("Consider v1.2 of a.b.c. Then go on", "Consider v1.2 of a.b.c"),
        ("One line only.", "One line only"),
        ("", ""),
    ],
)
def test_first_sentence(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence

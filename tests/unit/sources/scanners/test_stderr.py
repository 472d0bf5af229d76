"""What a failing tool said last, without the secrets in it."""

from __future__ import annotations

import pytest

from vigie.sources.scanners.stderr import last_words, redact, unadorned


@pytest.mark.parametrize(
    "said",
    [
        "login to https://me:hunter22@registry.example failed",
        "Authorization: Bearer hunter22",
        "using password=hunter22 for the database",
        'config {"api_key": "hunter22"} is wrong',
        "token: hunter22",
        "AWS_SECRET_ACCESS_KEY=hunter22",
    ],
)
def test_credentials_are_hidden(said: str) -> None:
    assert "hunter22" not in redact(said)
    assert "[hidden]" in redact(said)


@pytest.mark.parametrize(
    "said",
    [
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a1B2" * 9,
        "eyJhbGciOiJI" + ".eyJzdWIiOiIx" + ".c2lnbmF0dXJl",
        "Zm9v1YmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6",
    ],
)
def test_tokens_are_hidden_wherever_they_stand(said: str) -> None:
    assert said not in redact(f"unexpected {said} in the answer")


@pytest.mark.parametrize(
    "said",
    [
        "FileNotFoundError: /usr/lib/python3.11/site-packages/some_long_name_of_a_module_1234.py",
        "no space left on device",
        "exit status 137",
        "failed to parse examples/shop/infra/main.tf:12",
    ],
)
def test_plain_words_stay(said: str) -> None:
    assert redact(said) == said


def test_the_last_lines_are_joined_without_colours_and_chatter() -> None:
    said = (
        "first\n\x1b[31msecond\x1b[0m\n\n2026-01-01T00:00:00Z\tINFO\tall is well\nthird\r\nfourth\n"
    )
    assert last_words(said) == "second / third / fourth"


def test_it_is_short() -> None:
    assert len(last_words("word " * 1000)) == 400
    assert last_words("") == ""


@pytest.mark.parametrize("word", ["a", "a-", "-eyJaaaaaaaa", "x://a"])
def test_a_word_of_64_kib_is_looked_at_in_no_time(word: str) -> None:
    # Looked at anew from each of its letters it would take minutes, and hold up the scan.
    assert redact(word * (65536 // len(word))) == word * (65536 // len(word))


def test_a_word_that_holds_the_name_of_a_credential_is_one_whole() -> None:
    assert redact("my-token-of-today = 'hunter 22' sent") == "my-token-of-today = [hidden] sent"
    assert redact("password" * 100) == "password" * 100


def test_links_and_what_was_taken_back_are_no_part_of_a_text() -> None:
    link = "\x1b]8;;https://vigie.example\x1b\\docs\x1b]8;;\x07"
    assert unadorned(f"see {link} |\x08/\x08done\x9b\n") == "see docs done\n"

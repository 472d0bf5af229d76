from __future__ import annotations

import pytest

from vigie.outlets.patches.editors.dockerfile.shell import Script, read_script


def script(text: str) -> Script:
    found = read_script(text)
    assert found is not None
    return found


def test_commands_and_what_stands_between_them() -> None:
    found = script("a b && c | d; e || f")
    assert [(c.program, c.before, c.after) for c in found.commands] == [
        ("a", "", "&&"), ("c", "&&", "|"), ("d", "|", ";"), ("e", ";", "||"), ("f", "||", ""),
    ]  # fmt: skip
    assert found.plain
    assert found.pipes


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("A=1 B=2 make x", ["make", "x"]),
        ("sudo -E apt-get install a", ["apt-get", "install", "a"]),
        ("env A=1 make", ["make"]),
        ("! test -f x", ["test", "-f", "x"]),
        ("make > log 2>&1 <in", ["make"]),
        ("make &> log x", ["make", "x"]),
    ],
)
def test_the_program_is_found_behind_what_stands_before_it(text: str, argv: list[str]) -> None:
    assert [word.raw for word in script(text).commands[0].argv] == argv


@pytest.mark.parametrize(
    ("raw", "value"),
    [("'a b'", "a b"), ('"a"b', "ab"), ('"$a"', None), ("$a", None), ("*.py", None), ("a~b", "a~b"),
     ("~/x", None), ('"a\\"b"', None), ("a=b", "a=b")],
)  # fmt: skip
def test_what_a_program_gets_for_a_word(raw: str, value: str | None) -> None:
    assert script(f"run {raw}").commands[0].words[1].value == value


@pytest.mark.parametrize(
    "text", ["if a; then b; fi", "(a)", "a &", "a;", "exit 1", "for x in y; do z; done", "{ a; }"]
)
def test_what_does_more_than_follow_is_not_plain(text: str) -> None:
    assert not script(text).plain


@pytest.mark.parametrize(
    "text", ["a 'b", 'a "b', "a $(b", "a `b", "a)", "(a", "case x in a) b;; esac", "a # b", "",
             "diff <(a) b", "a ${b", "a \\"]
)  # fmt: skip
def test_what_is_not_understood_is_nothing(text: str) -> None:
    assert read_script(text) is None


def test_expansions_stay_in_their_word() -> None:
    found = script("""a "$(b "c" | d)" ${e:-f g} $((1 + 2)) `h | i`""")
    assert len(found.commands) == 1
    assert len(found.commands[0].words) == 5


@pytest.mark.parametrize("text", ['a "$(' * 5000, "$(" * 5000, "a ${b:-" * 5000, "(" * 5000])
def test_what_is_nested_too_deeply_is_not_understood(text: str) -> None:
    assert read_script(text) is None

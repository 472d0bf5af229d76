"""Commands speak the reader's language and are imported when they are called."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Entry, Example, LazyGroup, command, option
from vigie.model.errors import UserError
from vigie.model.text import T, Words

FRENCH = Words("fr", {"Say it.": "Le dire.", "Loudly.": "Fort.", "Options": "Choix"})


@command("say", T("Say it."), Example("say --loud", T("Loudly.")))
@option("--loud", is_flag=True, say=T("Loudly."))
@option("--word", names=lambda: ("one", "other"), listed=True, say=T("Loudly."))
def say(loud: bool, word: str | None) -> int:
    return int(loud) + len(word or "")


def help_in(words: Words) -> str:
    return click.Context(say, obj=Session(words=words)).get_help()


def test_help_is_spoken() -> None:
    assert "Say it." in help_in(Words())
    assert "# Loudly.\n  say --loud" in help_in(Words())
    assert "Le dire." in help_in(FRENCH)
    assert "Choix:" in help_in(FRENCH)
    assert "Say it." not in help_in(FRENCH)
    assert "(one, other)" in help_in(FRENCH)


@pytest.mark.parametrize("arguments", [["--word", "a", "--word", "b"], ["--word", "a", "--word=a"]])
def test_an_option_given_twice_is_refused(arguments: list[str]) -> None:
    with pytest.raises(UserError, match="--word is given 2 times"):
        say.main(arguments, standalone_mode=False)


def test_an_empty_value_is_refused_and_a_flag_may_be_repeated() -> None:
    for arguments in (["--word", ""], ["--word="]):
        with pytest.raises(click.BadOptionUsage):
            say.main(arguments, standalone_mode=False)
    assert say.main(["--loud", "--loud"], standalone_mode=False) == 1


def test_the_last_word_after_a_comma_is_completed() -> None:
    parameter = next(p for p in say.params if p.name == "word")
    items = parameter.shell_complete(click.Context(say), "other,o")
    assert [item.value for item in items] == ["other,one", "other,other"]


def test_a_command_is_imported_when_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"command_of_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(
        "import click\n@click.command('x')\ndef COMMAND(): return 7\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    group = LazyGroup("g", about=T("Say it."), entries={"x": Entry(name, T("Loudly."))})
    assert "x  Loudly." in click.Context(group, obj=Session()).get_help()
    assert name not in sys.modules
    assert group.main(["x"], prog_name="g", standalone_mode=False) == 7
    assert name in sys.modules


def test_an_unknown_command_names_those_there_are() -> None:
    group = LazyGroup("g", about=T("Say it."), entries={"x": Entry("m", T("Loudly."))})
    with pytest.raises(UserError) as caught:
        group.main(["y"], prog_name="g", standalone_mode=False)
    assert "Choose from: x" in str(caught.value.hint)

"""`vigie completion`: scripts for shells, and the words they complete."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from tests.unit.faces.cli.conftest import Call


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_calls_vigie(vigie: Call, shell: str) -> None:
    done = vigie("completion", shell)
    assert done.code == 0
    assert f"_VIGIE_COMPLETE={shell}_complete" in done.out


def test_bash_understands_its_script(vigie: Call) -> None:
    bash = shutil.which("bash")
    assert bash, "the tests need bash, as the Makefile does"
    script = vigie("completion", "bash").out
    done = subprocess.run([bash, "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_shell_is_told_which_there_are(vigie: Call) -> None:
    done = vigie("completion", "tcsh")
    assert done.code == 2
    assert "bash, zsh, fish" in done.err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("vigie me", "merge"),
        ("vigie merge x --as gry", "grype"),
        ("vigie merge x --format js", "json"),
        ("vigie merge x --expo", "--exposure"),
        ("vigie merge x --exposure op", "open"),
    ],
)
def test_words_are_completed(
    vigie: Call, typed: str, offered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_VIGIE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    with pytest.raises(SystemExit):
        vigie()

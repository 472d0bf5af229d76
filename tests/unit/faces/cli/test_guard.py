"""Whatever happens becomes words and the right exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.unit.faces.cli.conftest import plain

from vigie.faces.cli.guard import guarded
from vigie.faces.cli.session import Session
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.wiring.words import words

NOT_ALLOWED = """\
error: x.json cannot be used: Permission denied
hint: Check the path and its permissions.
"""


def failing(error: BaseException) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UserError(T("bad file"), T("Give another.")), 2, "error: bad file\nhint: Give another.\n"),
        (UserError(T("bad file")), 2, "error: bad file\n"),
        (SourceError(T("no network")), 3, "error: no network\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
        (PermissionError(13, "Permission denied", "x.json"), 2,
         NOT_ALLOWED),
    ],
)  # fmt: skip
def test_what_a_person_can_understand_is_said_plainly(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(Session(environ={}), lambda: failing(error)) == code
    assert capsys.readouterr().err == said


def test_a_bug_shows_as_one_and_is_no_gates_no(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(Session(environ={}), lambda: failing(ZeroDivisionError("oops"))) == 70
    said = capsys.readouterr().err
    assert "this is a bug in Vigie: ZeroDivisionError: oops at test_guard.py:" in said
    assert "Traceback" not in said


def test_a_bug_shows_its_traceback_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(environ={}, verbosity=1)
    assert guarded(session, lambda: failing(OSError("no file named"))) == 70
    assert "Traceback" in capsys.readouterr().err


def test_errors_are_said_in_the_readers_language_and_also_when_quiet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    session = Session(words=words("fr"), environ={}, verbosity=-1)
    error = UserError(T("there is no command {name!r}", name="x"))
    assert guarded(session, lambda: failing(error)) == 2
    assert plain(capsys.readouterr().err) == "erreur : il n'y a pas de commande 'x'\n"


@pytest.mark.parametrize(("returned", "code"), [(3, 3), (0, 0), (None, 0)])
def test_the_commands_own_code_is_kept(returned: object, code: int) -> None:
    assert guarded(Session(environ={}), lambda: returned) == code


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    script = tmp_path / "talk.py"
    script.write_text(
        "import sys\nfrom vigie.faces.cli.guard import guarded\n"
        "from vigie.faces.cli.session import Session\n"
        "def talk():\n    while True: sys.stdout.write('x' * 9999)\n"
        "sys.exit(guarded(Session(environ={}), talk))\n"
    )
    talking = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert talking.stdout is not None
    assert talking.stderr is not None
    talking.stdout.read(10)
    talking.stdout.close()
    said = talking.stderr.read()
    talking.stderr.close()
    assert talking.wait(10) == 141
    assert said == b""

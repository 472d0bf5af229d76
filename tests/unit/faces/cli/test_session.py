"""What a call knows, and how it speaks on standard error."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from vigie.faces.cli.session import Session, session_of
from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T

PROBLEM = Problem(ProblemCode.STALE, T("old database"), hint=T("Update it."))


def test_what_was_left_out_is_not_laid_over_the_settings(tmp_path: Path) -> None:
    session = Session(environ={"HOME": str(tmp_path), "VIGIE_SCAN__JOBS": "3"})
    settings = session.settings(scan__jobs=None, scan__timeout="5", vex=(), policy="x")
    assert (settings.scan.jobs, settings.scan.timeout, settings.policy) == (3, 5.0, "x")


def test_the_language_of_the_settings_is_spoken_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('lang = "fr"\n')
    session = Session(environ={}, config=str(tmp_path / "c.toml"))
    spoken = []
    for asked in (None, "en"):
        session.lang = asked
        session.settings()
        spoken.append(session.words.lang)
    assert spoken == ["fr", "en"]


def test_warnings_have_their_hint_and_are_silent_when_quiet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Session(environ={}).warn(PROBLEM)
    assert capsys.readouterr().err == "warning: old database\nhint: Update it.\n"
    Session(environ={}, verbosity=-1).warn(PROBLEM)
    Session(environ={}, verbosity=-1).note("x")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_needs_a_terminal_and_no_no_color(
    environ: dict[str, str],
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not Session(environ=environ).coloured()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert Session(environ=environ).coloured() is coloured


def test_an_error_without_a_hint_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Session(environ={}).fail(UserError("x"))
    assert capsys.readouterr().err == "error: x\n"


def test_a_context_without_a_session_speaks_english() -> None:
    assert session_of(click.Context(click.Command("x"))).words.lang == "en"


def test_a_warning_without_a_hint_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Session().warn(Problem(ProblemCode.RECORD, T("strange"), hint=T("")))
    assert capsys.readouterr().err == "warning: strange\n"


def test_names_from_outside_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(environ={})
    evil = T("{name} is odd", name="\x1b[2J\x1b]0;me\x07x")
    session.warn(Problem(ProblemCode.RECORD, evil, hint=evil))
    session.note(evil)
    session.fail(UserError(evil, evil))
    said = capsys.readouterr().err
    assert said.count("[2J") == 5
    assert "\x1b" not in said and "\x07" not in said

"""Progress: plain lines off a terminal, a live display on one, silence when quiet."""

from __future__ import annotations

import io

import pytest

from vigie.faces.cli.progress import shown
from vigie.faces.cli.session import Session
from vigie.model.runs import Outcome
from vigie.model.text import T
from vigie.ports.progress import Job, Progress
from vigie.wiring.words import words

JOB = Job("trivy", "Trivy", "examples/[shop]")


def work(progress: Progress) -> None:
    progress.planned([JOB])
    progress.started(JOB)
    progress.advanced(JOB, T("updates its database"))
    progress.finished(JOB, Outcome.PARTIAL, T("3 observations"), 1.23)


def test_off_a_terminal_there_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(Session(environ={})) as progress:
        work(progress)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "Trivy starts examples/[shop]\n! Trivy: 3 observations (1.2 s)\n"


def test_verbose_tells_the_steps_too(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(Session(environ={}, verbosity=1)) as progress:
        work(progress)
    assert "Trivy: updates its database\n" in capsys.readouterr().err


def test_it_speaks_the_readers_language(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(Session(environ={}, words=words("fr"))) as progress:
        work(progress)
    assert "Trivy commence examples/[shop]" in capsys.readouterr().err


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(Session(environ={}, verbosity=-1)) as progress:
        work(progress)
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("environ", [{}, {"NO_COLOR": "1"}])
def test_on_a_terminal_it_is_live_and_obeys_no_color(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stderr", stream)
    with shown(Session(environ=environ)) as progress:
        work(progress)
    said = stream.getvalue()
    assert "! Trivy: 3 observations (1.2 s)" in said
    assert ("\x1b[33m" in said) is not bool(environ)


def test_quiet_shows_nothing_on_a_terminal_either(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    with shown(Session(environ={}, verbosity=-1)) as progress:
        work(progress)
    assert stream.getvalue() == ""

"""What runs until somebody stops it: signals, missing libraries, the command of a worker."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import pytest

from vigie.faces.cli.main import run
from vigie.faces.cli.running import settings_of, until_stopped, worker_command
from vigie.faces.cli.session import Session
from vigie.model.errors import UserError


@pytest.mark.usefixtures("in_a_terminal")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_sets_the_event_and_calls(number: signal.Signals) -> None:
    called: list[int] = []
    before = signal.getsignal(number)
    with until_stopped(lambda: called.append(1)) as stopped:
        assert not stopped.is_set()
        os.kill(os.getpid(), number)
        assert stopped.wait(60)
        assert gc.isenabled()
    assert called == [1]
    assert signal.getsignal(number) is before


def test_the_second_signal_does_not_wait() -> None:
    with pytest.raises(KeyboardInterrupt), until_stopped():
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGTERM)
            signal.sigtimedwait([], 0.01)


def test_without_the_libraries_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    assert run(["up"], {}) == 2
    said = capfd.readouterr().err
    assert "sqlalchemy" in said
    assert "pip install 'vigie[server]'" in said


def test_a_worker_is_told_of_the_folder_and_of_no_address(tmp_path: Path) -> None:
    environ = {"VIGIE_DATABASE_URL": "postgresql://a:hunter2@b/c"}
    session = Session(environ=environ, verbosity=2)
    settings = settings_of(session, data=str(tmp_path))
    command = worker_command(session, settings, 5.0)
    assert command[:3] == [sys.executable, "-m", "vigie"]
    assert command[3:6] == ["worker", "--data", str(tmp_path)]
    assert command.count("-v") == 2
    assert "hunter2" not in " ".join(command)


def test_the_settings_speak_of_what_was_typed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no address to listen on"):
        settings_of(Session(environ={}), data=str(tmp_path), listen="nowhere")

"""`vigie up` refuses what it cannot do before it makes anything; the rest is in tests/e2e."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vigie.faces.cli.main import run
from vigie.faces.server.serving import listen
from vigie.wiring.processes import alone


def test_a_folder_in_which_one_runs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with alone(tmp_path):
        assert run(["up", "--data", str(tmp_path)], {}) == 2
    said = capfd.readouterr().err
    assert f"(process {os.getpid()})" in said
    assert "--data DIR" in said


def test_a_port_that_is_taken(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with listen("127.0.0.1", 0) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        assert run(["up", "--data", str(tmp_path), "--listen", where, "-q"], {}) == 2
    assert "something else listens" in capfd.readouterr().err
    assert not (tmp_path / "vigie.db").exists()


@pytest.mark.parametrize("option", ["--listen=nowhere", "--workers=many"])
def test_what_cannot_be(option: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--data", str(tmp_path / "d"), option], {}) == 2
    assert not (tmp_path / "d").exists()
    assert "hint:" in capfd.readouterr().err

"""`vigie server`, `worker` and `scheduler` refuse what they cannot do; at work they are shown in
tests/integration/test_scaled_form.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.faces.cli.commands.scheduler import COMMAND as SCHEDULER
from vigie.faces.cli.commands.server import COMMAND as SERVER
from vigie.faces.cli.commands.worker import COMMAND as WORKER
from vigie.faces.cli.main import run


@pytest.mark.parametrize("command", [SERVER, WORKER, SCHEDULER], ids=lambda one: str(one.name))
def test_a_database_without_the_schema(
    command: object, tmp_path: Path, capfd: pytest.CaptureFixture[str], request: object
) -> None:
    name = str(getattr(command, "name", ""))
    extra = ["--listen", "127.0.0.1:0"] if name == "server" else []
    assert run([name, "--data", str(tmp_path), "-q", *extra], {}) == 2
    assert "vigie migrate" in capfd.readouterr().err


@pytest.mark.parametrize("grace", ["-1", "soon", "nan", "1e9"])
def test_a_grace_that_is_none(grace: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["worker", f"--grace={grace}"], {}) == 2
    assert "--grace" in capfd.readouterr().err

"""Clients of registries are bounded, see what they may, and leave nothing running."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from vigie.sources.registries import running
from vigie.sources.registries.running import call, locate


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_output_code_and_input(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read().upper()); print('e', file=sys.stderr); sys.exit(3)"
    answer = call(python(code), tmp_path, text="said")
    assert (answer.code, answer.out.strip(), answer.err.strip()) == (3, "SAID", "e")
    assert not answer.fine
    assert call(["/no/such/program"], tmp_path).code is None


def test_the_environment_holds_mirrors_and_no_other_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example")
    monkeypatch.setenv("DATABASE_PASSWORD", "x")
    monkeypatch.setenv("VIGIE_DATA", "x")
    said = call(python("import os; print(*os.environ)"), tmp_path).out
    assert "PIP_INDEX_URL" in said
    assert "DATABASE_PASSWORD" not in said
    assert "VIGIE_DATA" not in said


def test_what_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    code = (
        "import os, subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(600)']); open('part', 'w').write(str(p.pid)); "
        "os.rename('part', 'child'); time.sleep(600)"
    )
    for seconds in (2, 10, 50):  # as long as it takes here until there is a child
        assert call(python(code), tmp_path, timeout=seconds).code is None
        if (tmp_path / "child").exists():
            break
    child = int((tmp_path / "child").read_text())
    for _ in range(600):
        try:
            os.kill(child, 0)
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            break
        if state == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child runs on")


def test_endless_output_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_MOST_OUTPUT", 100)
    answer = call(python("print('x' * 1000); print('end')"), tmp_path)
    assert len(answer.out) == 100
    assert answer.out.endswith("end\n")


def test_the_first_program_that_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert locate("other", "tool") == str(tool)
    assert locate("other") == ""

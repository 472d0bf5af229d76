"""What a program says about itself, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stand_ins import StandIn, write_program

from vigie.ports.scanners import Command, Installation
from vigie.sources.scanners.version import read_installation


class Tool(StandIn):
    def version_command(self, binary: Path) -> Command:
        return Command([str(binary)])

    def read_version(self, output: str) -> Installation | None:
        return Installation(Path(), output.strip()) if output.startswith("1") else None


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_version_is_read_from_either_stream(tmp_path: Path, stream: str) -> None:
    program = write_program(tmp_path / "p", f"import sys; print('1.2', file=sys.{stream})")
    assert read_installation(Tool(), program) == Installation(program, "1.2")


@pytest.mark.parametrize("script", ["print('who knows')", "print('1.2'); raise SystemExit(3)"])
def test_what_does_not_answer_has_no_version(tmp_path: Path, script: str) -> None:
    assert read_installation(Tool(), write_program(tmp_path / "p", script)) is None
    assert read_installation(Tool(), tmp_path / "nowhere") is None

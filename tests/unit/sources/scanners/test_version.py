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


class TwoAnswers(Tool):
    def version_command(self, binary: Path) -> Command:
        return Command([str(binary)], then=Command([str(binary), "db"], clean=frozenset({0, 4})))


@pytest.mark.parametrize(("code", "known"), [(0, True), (4, True), (5, False)])
def test_a_second_answer_is_put_behind_the_first(tmp_path: Path, code: int, known: bool) -> None:
    program = write_program(
        tmp_path / "p",
        "import sys\n"
        "print('of today' if 'db' in sys.argv else '1.2')\n"
        f"sys.exit({code} if 'db' in sys.argv else 0)",
    )
    found = read_installation(TwoAnswers(), program)
    assert found == (Installation(program, "1.2\nof today") if known else None)

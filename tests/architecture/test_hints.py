"""What goes wrong in an import or a scan is read on a command line and on a screen alike: a hint
that names an option or a command of Vigie says where that is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "vigie"
# Rooms whose problems reach both readers.
ROOMS = (
    "sources/reports/*.py", "services/run_problems.py", "services/scan.py", "services/engine.py",
    "services/feeds.py", "services/harvest.py", "services/execution.py", "services/imports.py",
    "services/image_pulling.py", "services/scan_targets.py", "services/scanning.py",
    "triage/requirements.py",
)  # fmt: skip
_COMMAND = re.compile(r"(?<![\w-])--[a-z]|\bvigie [a-z]+")
_PLACE = re.compile(r"on the command line|[Ww]here Vigie runs|scan it where it lies with")


def sentences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T":
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


@pytest.mark.parametrize("room", ROOMS)
def test_a_hint_that_names_a_command_says_where(room: str) -> None:
    files = sorted(SOURCE.glob(room))
    assert files, f"{room} is not there any more"
    said = [one for file in files for one in sentences(file) if _COMMAND.search(one)]
    assert [one for one in said if not _PLACE.search(one)] == []


def test_one_that_does_not_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text('T("Say what it is with --as FORMAT.")\nT("Get them: vigie db update.")\n')
    assert all(_COMMAND.search(one) and not _PLACE.search(one) for one in sentences(file))
    assert len(list(sentences(file))) == 2

"""What runners need not say themselves."""

from __future__ import annotations

from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.ports.scanners import Installation, Target
from vigie.sources.scanners.code_scanner import CodeScanner


class Tool(CodeScanner):
    version_words = ("about", "--short")
    version_pattern = r"^tool (\d\S*)$"


def test_it_looks_at_code_that_lies_on_the_disk() -> None:
    assert Tool().handles(Target(AssetKind.REPOSITORY, "x", Path("x")))
    assert not Tool().handles(Target(AssetKind.REPOSITORY, "x"))
    assert not Tool().handles(Target(AssetKind.IMAGE, "x", Path("x")))


def test_the_version_is_the_first_group_of_the_pattern_on_a_line_of_its_own() -> None:
    assert list(Tool().version_command(Path("/t")).argv) == ["/t", "about", "--short"]
    assert Tool().read_version("hello\ntool 1.2\nbye") == Installation(Path(), "1.2")
    assert Tool().read_version("my tool 1.2") is None


def test_there_is_no_database_to_bring_up_to_date() -> None:
    assert not Tool.has_database
    assert Tool().refresh_command(Path("/t")) is None

"""Programs and scanners that stand in for real ones."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Recipe, Target

FOUND = {
    "matches": [
        {
            "vulnerability": {"id": "CVE-2024-0001", "severity": "High"},
            "artifact": {"name": "left", "version": "1.0", "type": "npm",
                         "locations": [{"path": "TARGET/package.json"}]},
        }
    ],
    "descriptor": {"name": "grype"},
    "source": {"type": "directory", "target": "TARGET"},
}  # fmt: skip
NOTHING = {**FOUND, "matches": []}


def write_program(path: Path, script: str) -> Path:
    """An executable Python program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Read by sh first, because no #! line can name an interpreter in a folder with spaces; for
    # Python these lines are a string.
    start = f"#!/bin/sh\n'''exec' \"{sys.executable}\" -IS \"$0\" \"$@\"\n' '''"
    path.write_text(f"{start}\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def report_script(report: object, code: int, *, extra: str = "") -> str:
    """A program that writes this report to its last argument, or to nowhere when None."""
    text = report if isinstance(report, str) or report is None else json.dumps(report)
    return (
        "import os, sys, time\n"
        f"{extra}\n"
        f"text = {text!r}\n"
        "if text is not None:\n"
        "    open(sys.argv[-1], 'w').write(text.replace('TARGET', sys.argv[-2]))\n"
        f"sys.exit({code})"
    )


@dataclass
class StandIn:
    """A scanner whose reports Grype's parser reads.

    `date` is that of its database, `own_date` that which only the runner knows. It raises
    `refusal` instead of giving a command.
    """

    name: str = "stand-in"
    date: str = ""
    has_database: bool = False
    empty: bool = False
    refusal: UserError | None = None
    nothing: frozenset[int] = frozenset()
    left_out: str = ""
    network: bool = False
    own_date: str = ""
    refresh: Command | None = None
    settings_seen: list[Conditions] = field(default_factory=list)
    recipe: Recipe | None = None
    kinds: tuple[AssetKind, ...] = (AssetKind.REPOSITORY,)
    label: str = "Stand-in"
    format: str = "grype"
    advice: Text = field(default_factory=lambda: T("get it"))
    version: str = "1.2.3"
    needs: Needs = field(default_factory=Needs)

    def __post_init__(self) -> None:
        self.needs = Needs(binary=self.name)

    def handles(self, target: Target) -> bool:
        return target.kind in self.kinds

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        self.settings_seen.append(conditions)
        report = workspace / "report.json"
        if self.empty:
            return None
        if self.refusal is not None:
            raise self.refusal
        return Command(
            [str(binary), str(target.path), str(report)],
            report=report,
            nothing=self.nothing,
            inherits=("STAND_IN_*",),
            left_out=self.left_out,
            network=self.network,
            database_date=self.own_date,
        )

    def refresh_command(self, _binary: Path, /) -> Command | None:
        return self.refresh

    def version_command(self, _binary: Path) -> Command:
        return Command(["/bin/echo", "version"])

    def read_version(self, _output: str) -> Installation | None:
        return Installation(Path(), self.version, self.date)

"""Bandit: weaknesses in Python code. PyCQA/bandit, Apache-2.0."""

from __future__ import annotations

import re
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Recipe, Target
from vigie.sources.scanners.contents import folder_of, has_files, own_settings, scope_of


class Bandit:
    name = "bandit"
    label = "Bandit"
    format = "bandit"
    needs = Needs(binary="bandit")
    recipe = Recipe("pypi", ("bandit==1.9.4",))
    advice = T("vigie scanners install {name}", name="bandit")
    has_database = False

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.REPOSITORY and target.path is not None

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        if not has_files(target, _is_python, conditions.excluded):
            return None
        report = workspace / "report.json"
        argv = [str(binary), "--quiet", "--recursive", "--format", "json", "--output", str(report)]
        # Relative to the target, else a folder above it named 'vendor' would leave out all.
        patterns = ",".join(f"*/{name}/*" for name in conditions.excluded)
        if patterns:
            argv += ["--exclude", patterns]
        return Command(
            [*argv, scope_of(target)],
            report=report,
            cwd=folder_of(target),
            problems=own_settings(target, self.label, ".bandit"),
        )

    def refresh_command(self, _binary: Path, /) -> Command | None:
        return None

    def version_command(self, binary: Path) -> Command:
        return Command([str(binary), "--version"])

    def read_version(self, output: str) -> Installation | None:
        found = re.search(r"\bbandit (\d\S*)", output)
        return Installation(Path(), found[1]) if found else None


def _is_python(name: str) -> bool:
    return name.endswith((".py", ".pyi", ".pyw"))


SCANNER = Bandit()

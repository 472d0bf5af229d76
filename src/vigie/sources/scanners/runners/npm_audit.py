"""npm audit: vulnerabilities of the packages of a lock file. npm/cli, Artistic-2.0.

It runs in the workspace on copies of what it reads. Of the target's settings only the
registries are taken over: npm would run programs that others name.

It exits with 1 for findings and for failures alike; a failure stands in the report.
"""

from __future__ import annotations

import re
from pathlib import Path

from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Target
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import find_files, folder_of

_LOCKS = ("npm-shrinkwrap.json", "package-lock.json")  # npm prefers the first
_REGISTRY = re.compile(r"\s*(?:@[\w.~-]+:)?registry\s*=\s*https?://[!-~]+\s*")
_SHOWN = 5


class NpmAudit(CodeScanner):
    name = "npm-audit"
    label = "npm audit"
    format = "npm-audit"
    needs = Needs(binary="npm")
    advice = T("it comes with Node.js")
    version_pattern = r"^(\d+\.\d+\.\d+\S*)$"

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        found = find_files(target, lambda name: name in _LOCKS, conditions.excluded)
        locks = sorted(found, key=lambda file: (file.count("/"), file))
        if not locks:
            return None
        folder = workspace / "package"
        folder.mkdir(exist_ok=True)
        _copy(folder_of(target) / locks[0], folder)
        argv = [str(binary), "audit", "--json", "--package-lock-only", "--ignore-scripts"]
        argv += ["--no-fund", "--no-update-notifier", "--logs-max=0"]
        return Command(
            [*argv, f"--cache={workspace / 'npm'}"],
            cwd=folder,
            inherits=("npm_config_*", "NPM_CONFIG_*"),
            network=True,
            problems=_others(locks),
        )


def _copy(lock: Path, folder: Path) -> None:
    (folder / lock.name).write_bytes(lock.read_bytes())
    package = lock.with_name("package.json")
    if package.is_file():
        (folder / "package.json").write_bytes(package.read_bytes())
    settings = lock.with_name(".npmrc")
    if settings.is_file():
        lines = settings.read_text(encoding="utf-8", errors="replace").splitlines()
        kept = "".join(f"{line}\n" for line in lines if _REGISTRY.fullmatch(line))
        (folder / ".npmrc").write_text(kept, encoding="utf-8")


def _others(locks: list[str]) -> tuple[Problem, ...]:
    """It looks at one lock file; npm's own of the same folder is the same tree."""
    first = locks[0].rpartition("/")[0]
    others = [lock for lock in locks[1:] if lock.rpartition("/")[0] != first]
    if not others:
        return ()
    return (
        Problem(
            ProblemCode.REPORT,
            T("npm audit looked at {file} only, not at {count} other lock file: {shown}",
              "npm audit looked at {file} only, not at {count} other lock files: {shown}",
              file=locks[0], count=len(others), shown=", ".join(others[:_SHOWN])),
            hint=T("Give their folders as targets of their own."),
        ),
    )  # fmt: skip


SCANNER = NpmAudit()

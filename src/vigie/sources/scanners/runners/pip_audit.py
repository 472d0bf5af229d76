"""pip-audit: vulnerabilities of pinned Python requirements. pypa/pip-audit, Apache-2.0.

Left to itself it has pip resolve what the requirements need, and pip runs programs of the
packages. So it is given the pinned requirements of all files, in one file of ours, and nothing
is resolved. It asks the service of PyPI, or with `service = "osv"` that of OSV.

It exits with 1 for findings and for failures alike; with a failure it leaves no report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Recipe, Target
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import find_files, folder_of

_FILE = re.compile(r"(?:.*[._-])?requirements(?:[._-].*)?\.txt|requirements\.in", re.I)
_LARGEST = 4 * 1024**2
_PINNED = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*"
    r"===?\s*(?P<version>[A-Za-z0-9][A-Za-z0-9.!+_-]*)\s*(?:;.*)?"
)
_SHOWN = 5


class PipAudit(CodeScanner):
    name = "pip-audit"
    label = "pip-audit"
    format = "pip-audit"
    needs = Needs(binary="pip-audit")
    recipe = Recipe("pypi", ("pip-audit==2.10.1",))
    advice = T("vigie scanners install {name}", name="pip-audit")
    version_pattern = r"^pip-audit (\d\S*)"

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        files = list(find_files(target, is_requirements, conditions.excluded))
        if not files:
            return None
        pins, others = _read_all(target, files)
        if not pins and not others:
            return None
        ours = workspace / "requirements.txt"
        lines = (f"{name}=={version}\n" for name, version in pins.items())
        ours.write_text("".join(lines), encoding="utf-8")
        report = workspace / "report.json"
        argv = [str(binary), "--requirement", str(ours), "--no-deps", "--disable-pip"]
        argv += ["--format", "json", "--output", str(report), "--progress-spinner", "off"]
        argv += ["--cache-dir", str(workspace / "cache")]
        argv += ["--vulnerability-service", conditions.settings.get("service", "pypi")]
        if address := conditions.settings.get("osv-url"):
            argv += ["--osv-url", address]
        return Command(argv, report=report, network=True, problems=tuple(_notes(others)))


def is_requirements(name: str) -> bool:
    """True for `requirements.txt`, `requirements-dev.txt`, `dev-requirements.txt`…"""
    return bool(_FILE.fullmatch(name))


def _read_all(target: Target, files: list[str]) -> tuple[dict[str, str], list[str]]:
    """The pinned version of each package, and the requirements that cannot be looked up."""
    pins: dict[str, str] = {}
    others: dict[str, None] = {}
    for file in files:
        for line in _requirements(folder_of(target) / file):
            found = _PINNED.fullmatch(line)
            name = re.sub(r"[._-]+", "-", found["name"]).lower() if found else ""
            # It refuses two versions of one package.
            if found and pins.setdefault(name, found["version"]) == found["version"]:
                continue
            others[line] = None
    return pins, list(others)


def _requirements(path: Path) -> Iterator[str]:
    """One requirement a line, without comments, hashes and options of pip (its file format)."""
    with path.open("rb") as file:
        text = file.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        yield path.name
        return
    for line in re.sub(r"\\\r?\n", " ", text.decode("utf-8", "replace")).splitlines():
        plain = re.split(r"\s--(?:hash|global-option|config-settings?)\b", f" {line} ")[0]
        plain = re.split(r"(?:^|\s)#", plain)[0].strip()
        if plain and not re.match(r"--?(?!e\b|editable)", plain):
            yield plain


def _notes(others: list[str]) -> Iterator[Problem]:
    yield Problem(
        ProblemCode.NOTE,
        T("pip-audit looked at the requirements that are listed, not at what these need"),
        hint=T("List everything with its version, as pip freeze and pip-compile do."),
    )
    if others:
        yield Problem(
            ProblemCode.REPORT,
            T("pip-audit left out {count} requirement without one plain version: {shown}",
              "pip-audit left out {count} requirements without one plain version: {shown}",
              count=len(others), shown=", ".join(other[:80] for other in others[:_SHOWN])),
            hint=T("List everything with its version, as pip freeze and pip-compile do."),
        )  # fmt: skip


SCANNER = PipAudit()

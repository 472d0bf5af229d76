"""Nuclei: flaws of a web service, found by asking it. projectdiscovery/nuclei, MIT.

It sends attacks, so it runs only on an address that somebody gave as the target, and reaches
for nothing else: no server of a third party to be called back by, no update on the way. Its
templates stand for a database; `templates` in the settings names others.

It exits with 0 whatever it found and with 1 when it could not run. With `-json-export` it
writes a list in any case, also an empty one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Target
from vigie.sources.scanners.code_scanner import CodeScanner

# It gives up on a service that does not answer any more, and goes on to its good end.
_GAVE_UP = r"found unresponsive|[Cc]ould not (?:execute|make|connect)|context deadline"
_INHERITS = ("NUCLEI_CONFIG_DIR", "NUCLEI_TEMPLATES_DIR")

_NO_TEMPLATES = Problem(
    ProblemCode.STALE,
    T("no templates: Nuclei cannot look for anything"),
    hint=T("Let it reach the network once, or run: nuclei -update-templates."),
)
_NO_CALLBACK = Problem(
    ProblemCode.NOTE,
    T("Nuclei left out the templates that need a server of others to call back"),
)


class Nuclei(CodeScanner):
    name = "nuclei"
    label = "Nuclei"
    format = "nuclei"
    needs = Needs(binary="nuclei")
    advice = T("get the program from its project, {project}, and put it on the PATH",
               project="projectdiscovery/nuclei")  # fmt: skip
    has_database = True

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.ENDPOINT

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        # In a file: on the command line a comma would make two targets of one address.
        listed = workspace / "targets.txt"
        listed.write_text(f"{target.reference}\n", encoding="utf-8")
        report = workspace / "report.json"
        argv = [str(binary), "-list", str(listed), "-json-export", str(report)]
        argv += ["-no-color", "-no-stdin", "-disable-update-check", "-no-interactsh"]
        argv += ["-omit-raw", "-omit-template"]
        templates = conditions.settings.get("templates", "")
        if templates:
            argv += ["-templates", _absolute(templates)]
        missing = not templates and not conditions.database_date
        return Command(
            argv,
            report=report,
            found=frozenset({0}),
            inherits=_INHERITS,
            problems=(_NO_CALLBACK, _NO_TEMPLATES) if missing else (_NO_CALLBACK,),
            left_out=_GAVE_UP,
        )

    def refresh_command(self, binary: Path, /) -> Command | None:
        return Command([str(binary), "-update-templates", "-no-color"], inherits=_INHERITS)

    def version_command(self, binary: Path) -> Command:
        words = ["-no-color", "-disable-update-check"]
        templates = Command([str(binary), *words, "-templates-version"], inherits=_INHERITS)
        return Command([str(binary), *words, "-version"], inherits=_INHERITS, then=templates)

    def read_version(self, output: str) -> Installation | None:
        version = re.search(r"Nuclei Engine Version: v?(\d\S*)", output)
        if version is None:
            return None
        place = re.search(r"nuclei-templates version: v?\d\S* \((.+)\)", output)
        return Installation(Path(), version[1], _date_of(Path(place[1])) if place else "")


def _date_of(templates: Path) -> str:
    """When these were fetched: it writes their checksums then, and the release has no date."""
    try:
        time = (templates / ".checksum").stat().st_mtime
    except (OSError, ValueError):
        return ""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def _absolute(templates: str) -> str:
    # From where the user stands; what is not there is a folder of its own collection.
    words = [word.strip() for word in templates.split(",") if word.strip()]
    return ",".join(
        str(path.absolute()) if (path := Path(word).expanduser()).exists() else word
        for word in words
    )


SCANNER = Nuclei()

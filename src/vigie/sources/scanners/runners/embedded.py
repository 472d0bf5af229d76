"""Vigie's own engine: packages against the advisories at hand. Nothing has to be installed.

It runs in a process of its own, like every scanner: a hostile archive can be stopped, and
what it takes is bounded.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import vigie
from vigie.model.text import T
from vigie.ports.plugs import NOTHING
from vigie.ports.scanners import Command, Conditions, Installation, Recipe, Target
from vigie.sources.scanners.contents import may_hold_packages

_FOUND, _NOTHING, _UNABLE = 42, 43, 44  # as with the others, 1 stays for what nobody foresaw
_FEEDS = ("osv", "kev", "epss")
_INHERITS = ("DOCKER_CONFIG",)


class Embedded:
    name = "embedded"
    label = "Vigie"
    format = "embedded"
    needs = NOTHING
    recipe: Recipe | None = None
    advice = T("it is part of Vigie")
    has_database = True

    def handles(self, target: Target) -> bool:
        return may_hold_packages(target)

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        report = workspace / "report.json"
        argv = [*_engine(binary), "--report", str(report)]
        for name in conditions.excluded:
            argv += ["--exclude", name]
        if conditions.offline:
            argv += ["--offline"]
        for feed in _FEEDS:
            if mirror := conditions.settings.get(feed):
                argv += ["--mirror", f"{feed}={mirror}"]
        if platform := conditions.settings.get("platform"):
            argv += ["--platform", platform]
        place = str(target.path) if target.path is not None else f"image:{target.reference}"
        return Command(
            [*argv, "--", place],
            report=report,
            found=frozenset({_FOUND}),
            nothing=frozenset({_NOTHING}),
            unable=frozenset({_UNABLE}),
            env=_surroundings(),
            inherits=_INHERITS,
        )

    def refresh_command(self, _binary: Path, /) -> Command | None:
        return None  # it fetches what a target asks for while it looks at it

    def version_command(self, binary: Path) -> Command:
        return Command([*_engine(binary), "--about"], env=_surroundings())

    def read_version(self, output: str) -> Installation | None:
        try:
            said = json.loads(output)
        except ValueError:
            return None
        if not isinstance(said, dict) or not isinstance(said.get("version"), str):
            return None
        date = said.get("database_date")
        return Installation(Path(), said["version"], date if isinstance(date, str) else "")


def _engine(binary: Path) -> list[str]:
    # -P: what lies in the folder it starts in is never imported.
    return [str(binary), "-P", "-m", "vigie", "engine"]


def _surroundings() -> dict[str, str]:
    """Where the advisories lie, and Vigie itself where it was never installed; no other of our
    variables is a scanner's business."""
    found = {}
    if data := os.environ.get("VIGIE_DATA"):
        found["VIGIE_DATA"] = str(Path(data).expanduser().absolute())
    home = Path(vigie.__file__).resolve().parent.parent
    if home.name not in ("site-packages", "dist-packages"):
        found["PYTHONPATH"] = str(home)
    return found


SCANNER = Embedded()

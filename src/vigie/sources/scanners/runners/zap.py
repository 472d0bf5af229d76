"""ZAP's baseline scan: a web service looked at without attacks. zaproxy/zaproxy, Apache-2.0.

`zap-baseline.py` crawls the service for a minute (`minutes` in the settings) and judges what
comes back. It is part of ZAP's container; elsewhere a program of that name that runs the
container does, with the folder it is started in as `/zap/wrk`, where the report goes.

Exit codes: 0 passed, 1 a rule that fails, 2 warnings (which is what all rules are unless a
configuration says otherwise), 3 any failure.
"""

from __future__ import annotations

import os
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Target
from vigie.sources.scanners.code_scanner import CodeScanner

_ADD_ONS = Problem(
    ProblemCode.NOTE,
    T("ZAP fetches updates of its add-ons when it starts, also when that was not allowed"),
)
_CONTAINER = Path("/zap/wrk")
_FAILURES = r"No URLs found|Failed to (?:access|attack)|Job \S+ failed"


class Zap(CodeScanner):
    name = "zap"
    label = "ZAP"
    format = "zap"
    needs = Needs(binary="zap-baseline.py")
    advice = T("get the program from its project, {project}, and put it on the PATH",
               project="zaproxy/zaproxy")  # fmt: skip

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.ENDPOINT

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        report = workspace / "report.json"
        # Inside of its container it puts that folder before the name, whatever the name is.
        name = os.path.relpath(report, _CONTAINER) if _CONTAINER.is_dir() else report.name
        minutes = conditions.settings.get("minutes", "1")
        return Command(
            [str(binary), "-t", target.reference, "-J", name, "-m", minutes],
            report=report,
            found=frozenset({1, 2}),
            inherits=("IS_CONTAINERIZED", "JAVA_HOME", "ZAP_PATH", "DOCKER_HOST", "DOCKER_CONFIG"),
            problems=(_ADD_ONS,) if conditions.offline else (),
            left_out=_FAILURES,
        )

    def version_command(self, binary: Path) -> Command:
        return Command([str(binary), "-h"])

    def read_version(self, output: str) -> Installation | None:
        # Its version stands in its reports only.
        return Installation(Path()) if "zap-baseline.py -t" in output else None


SCANNER = Zap()

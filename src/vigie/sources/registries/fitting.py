"""Whether Python requirements fit together, asked of the person's own pip. Nothing is installed.

Only wheels are looked at, so that no code of any package is built or run; a version that has no
wheel for this interpreter stays out of the question and is named. Options, addresses and folders
of the target never reach pip: a repository that is cloned or a folder would be built.
Sources: pip's documentation, "pip install" (--dry-run), "Installation Report", "Dependency
Resolution"; PyPA "Core metadata" (Requires-Dist).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement

from vigie.sources.registries.locks.renewing import copied
from vigie.sources.registries.running import Answer, call, locate

_ARGUMENTS = (
    "install", "--dry-run", "--ignore-installed", "--only-binary", ":all:", "--no-input",
    "--disable-pip-version-check", "--progress-bar", "off", "--retries", "1",
    "--report", "report.json", "-r", "requirements.txt",
)  # fmt: skip
# What a person may have set for their own installs and that is no question of fit.
_UNSET = {
    "PIP_REQUIRE_VIRTUALENV": "0", "PIP_REQUIRE_HASHES": "0", "PIP_USER": "0", "PIP_NO_DEPS": "0",
    "PIP_QUIET": "0", "PIP_VERBOSE": "0", "PIP_LOG": "", "PIP_REQUIREMENT": "",
}  # fmt: skip
_SECONDS = 120.0  # for all questions of one fix
_LONGEST_CALL = 90.0
_MOST_WITHOUT_WHEELS = 30
_MOST_REPORT = 32 * 1024**2

_DEPENDS = re.compile(
    r"(?m)^    (?P<name>[\w.-]+)(?:\[[^\]]*\])? (?P<version>\S+) depends on (?P<asked>.+)$"
)
_ASKED = re.compile(r"(?m)^    The user requested (?:\(constraint\) )?(?P<asked>.+)$")
_NOWHERE = re.compile(
    r"No matching distribution found for (?P<name>[A-Za-z0-9][\w.-]*)(?P<rest>[^\n]*)"
)
_VERSIONS = re.compile(r"\(from versions: ([^)]*)\)")


def plain_name(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True, slots=True)
class Demand:
    """What one version of a package asks of another: `asked` is as pip or its metadata say it."""

    name: str
    version: str
    asked: Requirement


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fits` is None when pip could not tell. `demands` and `requested` are the conflict as pip
    reports it; `without_wheel` are packages that only a build could bring."""

    fits: bool | None
    demands: tuple[Demand, ...] = ()
    requested: tuple[Requirement, ...] = ()
    without_wheel: tuple[str, ...] = ()


@dataclass(slots=True)
class PipFit:
    """One conversation with pip about one fix; `python` is the interpreter's version once known.

    `seconds` bound all of its questions together.
    """

    seconds: float = _SECONDS
    python: str = ""
    _environment: dict[str, str] = field(default_factory=dict)
    _begun: bool = False
    _until: float = 0.0
    _demands: dict[tuple[str, str], tuple[Demand, ...] | None] = field(default_factory=dict)
    _versions: dict[str, tuple[str, ...] | None] = field(default_factory=dict)

    def here(self) -> bool:
        """Whether there is a pip that can be asked; then `python` is known."""
        if not self._begun:
            self._begun = True
            self._ask((), ())  # nothing to look for: no registry is needed
        return bool(self._environment)

    def holds(self, asked: Requirement) -> bool:
        """Whether a marker holds on the interpreter that pip runs on, without any extra."""
        if asked.marker is None:
            return True
        try:
            return asked.marker.evaluate({**self._environment, "extra": ""})
        except (UndefinedComparison, UndefinedEnvironmentName):
            return False

    def resolve(self, wanted: Iterable[Requirement], limits: Iterable[Requirement] = ()) -> Verdict:
        """Whether pip finds versions for all of it together. `limits` are constraints."""
        answer, _ = self._ask(wanted, limits)
        if answer.fine:
            return Verdict(True)
        said = f"{answer.out}\n{answer.err}"
        if "ResolutionImpossible" in said:
            demands = [
                _demand(m["name"], m["version"], m["asked"]) for m in _DEPENDS.finditer(said)
            ]
            requested = [_requirement(m["asked"]) for m in _ASKED.finditer(said)]
            return Verdict(False, tuple(d for d in demands if d), tuple(r for r in requested if r))
        missing = _missing(answer)
        return Verdict(None, without_wheel=(missing,) if missing else ())

    def demands(self, pins: Mapping[str, str]) -> dict[str, tuple[Demand, ...] | None] | None:
        """What each pinned version asks for, here and on this interpreter; None for one without a
        wheel. None altogether when pip cannot be asked."""
        known = {n: self._demands[n, v] for n, v in pins.items() if (n, v) in self._demands}
        waiting = {n: v for n, v in pins.items() if n not in known}
        for _ in range(_MOST_WITHOUT_WHEELS):
            if not waiting:
                return known
            answer, report = self._ask(_pinned(waiting), (), "--no-deps")
            if answer.fine:
                found = self._demands_of(report)
                for name, version in waiting.items():
                    known[name] = self._demands[name, version] = found.get(name, ())
                return known
            gone = _missing(answer)
            if gone not in waiting:
                return None
            known[gone] = self._demands[gone, waiting.pop(gone)] = None
        return None

    def installable(self, name: str) -> tuple[str, ...] | None:
        """The versions that have a wheel for this interpreter; None when pip cannot be asked."""
        if name not in self._versions:
            # `pip index versions` lists sources as well; what pip refuses, it lists right.
            answer, _ = self._ask([Requirement(f"{name}<0")], (), "--no-deps")
            found = _VERSIONS.search(answer.err) if _missing(answer) else None
            listed = found[1] if found else None
            self._versions[name] = None if listed is None else tuple(
                v.strip() for v in listed.split(",") if v.strip() not in ("", "none")
            )  # fmt: skip
        return self._versions[name]

    def _ask(
        self, wanted: Iterable[Requirement], limits: Iterable[Requirement], *more: str
    ) -> tuple[Answer, Any]:
        program = locate("pip")
        now = time.monotonic()
        self._until = self._until or now + self.seconds
        if not program or now >= self._until:
            return Answer(None), None
        files = {
            "requirements.txt": "".join(f"{one}\n" for one in wanted),
            "constraints.txt": "".join(f"{one}\n" for one in limits),
        }
        held = ("-c", "constraints.txt") if files["constraints.txt"] else ()
        timeout = min(_LONGEST_CALL, self._until - now)
        with copied(files) as folder:
            answer = call([program, *_ARGUMENTS, *held, *more], folder, timeout=timeout, env=_UNSET)
            place = folder / "report.json"
            try:
                small = place.stat().st_size <= _MOST_REPORT
                report = json.loads(place.read_bytes()) if answer.fine and small else None
            except (OSError, ValueError, RecursionError):
                report = None
        if report is not None:
            self._learn(report)
        # Without its report an answer says nothing.
        return (answer if report is not None or not answer.fine else Answer(None)), report

    def _learn(self, report: Any) -> None:
        environment = report.get("environment") if isinstance(report, dict) else None
        if isinstance(environment, dict):
            self._environment = {k: v for k, v in environment.items() if isinstance(v, str)}
            self.python = self._environment.get("python_version", "")

    def _demands_of(self, report: Any) -> dict[str, tuple[Demand, ...]]:
        found: dict[str, tuple[Demand, ...]] = {}
        items = report.get("install") if isinstance(report, dict) else None
        for item in items if isinstance(items, list) else ():
            metadata = item.get("metadata") if isinstance(item, dict) else None
            if not isinstance(metadata, dict):
                continue
            name, version = str(metadata.get("name", "")), str(metadata.get("version", ""))
            asked = metadata.get("requires_dist")
            demands = [_demand(name, version, str(text)) for text in asked or ()]
            found[plain_name(name)] = tuple(
                d for d in demands if d is not None and self.holds(d.asked)
            )
        return found


def _pinned(pins: Mapping[str, str]) -> list[Requirement]:
    return [Requirement(f"{name}=={version}") for name, version in pins.items()]


def _missing(answer: Answer) -> str:
    """The package that pip found no wheel of, though it reached where packages come from."""
    found = _NOWHERE.search(answer.err)
    if found is None or "Retrying" in answer.err or "onnection" in answer.err:
        return ""
    return plain_name(found["name"])


def _demand(name: str, version: str, asked: str) -> Demand | None:
    requirement = _requirement(asked)
    return Demand(name, version, requirement) if requirement is not None else None


def _requirement(text: str) -> Requirement | None:
    """A requirement as metadata or pip's sentences spell it ("idna<2.8 and >=2.5")."""
    try:
        return Requirement(text.strip().replace(" and ", ",") if ";" not in text else text.strip())
    except InvalidRequirement:
        return None

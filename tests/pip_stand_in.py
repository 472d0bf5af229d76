"""A pip that stands in for the real one: an index of a few packages, and what pip 23 to 26 say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import packaging

from tests.stand_ins import write_program

Index = Mapping[str, Mapping[str, Sequence[str] | None]]
"""By plain name and version what is asked for; None for a version that has no wheel."""

SCRIPT = """
import json, re, sys
sys.path.insert(0, {home!r})
from packaging.requirements import Requirement
from packaging.version import Version

INDEX = json.loads({index!r})
arguments = sys.argv[1:]
if arguments[:2] == ["index", "versions"]:
    name = re.sub("[-_.]+", "-", arguments[-1]).lower()
    if name not in INDEX:
        sys.exit("ERROR: No matching distribution found for " + name)
    print(name, "(1)\\nAvailable versions:", ", ".join(reversed(list(INDEX[name]))))
    sys.exit(0)
asked = open("requirements.txt").read().splitlines()
limits = open("constraints.txt").read().splitlines() if "-c" in arguments else []
with open({log!r}, "a") as log:
    log.write(json.dumps([arguments, asked, limits]) + "\\n")
environment = {{"python_version": "3.11", "sys_platform": "linux", "extra": ""}}

def plain(name):
    return re.sub("[-_.]+", "-", name).lower()

def spoken(requirement):
    return requirement.name + " and ".join(sorted(str(s) for s in requirement.specifier))

waiting = [(None, Requirement(line)) for line in asked]
held = [("", Requirement(line)) for line in limits]
chosen, wants = {{}}, list(held)
while waiting:
    parent, requirement = waiting.pop(0)
    if requirement.marker and not requirement.marker.evaluate(environment):
        continue
    wants.append((parent, requirement))
    name = plain(requirement.name)
    versions = INDEX.get(name, {{}})
    wheels = [v for v in versions if versions[v] is not None]
    mine = [r for p, r in wants if plain(r.name) == name]
    fine = [v for v in wheels if all(r.specifier.contains(v) for r in mine)]
    if not any(requirement.specifier.contains(v) for v in wheels):
        print("ERROR: Could not find a version that satisfies the requirement", requirement,
              "(from versions: " + (", ".join(wheels) or "none") + ")", file=sys.stderr)
        print("ERROR: No matching distribution found for", requirement, file=sys.stderr)
        sys.exit(1)
    if not fine or (name in chosen and chosen[name] not in fine):
        print("\\nThe conflict is caused by:")
        for p, r in wants:
            if plain(r.name) == name:
                start = {{None: "The user requested ", "": "The user requested (constraint) "}}
                print("    " + (start.get(p) or p + " depends on ") + spoken(r))
        print("\\nTo fix this you could try to:\\n1. loosen the range of package versions")
        print("ERROR: Cannot install -r requirements.txt (line 1) because these package versions "
              "have conflicting dependencies.", file=sys.stderr)
        print("ERROR: ResolutionImpossible: for help visit https://pip.example/", file=sys.stderr)
        sys.exit(1)
    if name in chosen:
        continue
    chosen[name] = max(fine, key=Version)
    if "--no-deps" not in arguments:
        waiting += [(name + " " + chosen[name], Requirement(r))
                    for r in versions[chosen[name]]]
install = [{{"metadata": {{"name": n, "version": v, "requires_dist": INDEX[n][v]}}}}
           for n, v in chosen.items()]
report = {{"version": "1", "install": install, "environment": environment}}
open("report.json", "w").write(json.dumps(report))
"""


def write_pip(bin_: Path, index: Index) -> Path:
    """Puts `pip` into a folder; returns the file that it writes its calls to."""
    log = bin_.parent / "pip.log"
    home = str(Path(packaging.__file__).parents[1])
    script = SCRIPT.format(home=home, index=json.dumps(index), log=str(log))
    write_program(bin_ / "pip", script)
    return log


def calls(log: Path) -> list[list[list[str]]]:
    """Arguments, requirements and constraints of every call for an install so far."""
    return [json.loads(line) for line in log.read_text().splitlines()]

"""Pairs of versions to compare: made ones that probe the corners, and real ones."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from bench.measuring import NotMeasured, corpus
from vigie.services.intake import read_paths
from vigie.triage.versions import normalise
from vigie.wiring.plugs import REPORTS, Plugs

Pair = tuple[str, str]

_NUMBERS = ("0", "1", "2", "3", "9", "10", "11", "20", "99", "100", "2024", "20240131")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How versions of one scheme are spelled: what begins them, what stands between the parts,
    the parts, what may follow, and how a real upstream prerelease ("2.0~rc1") is written."""

    starts: Sequence[str] = ("",)
    between: Sequence[str] = (".", ".", ".", "-")
    parts: Sequence[str] = ("alpha", "beta", "rc1")
    ends: Sequence[str] = ("",)
    tilde: str = "-"
    numbers: Sequence[str] = _NUMBERS
    longest: int = 5


SPELLINGS = {
    "deb": Spelling(
        ("", "", "", "0:", "1:", "2:"),
        (".", ".", ".", "+", "~", "~~", "-", ""),
        ("a", "b", "rc", "dfsg", "deb12u", "ubuntu", "Z", "+", "~"),
        ("", "-1", "-2", "-0ubuntu1", "-1+deb12u1", "-1~bpo1", "-1.1"),
        tilde="~",
        numbers=(*_NUMBERS, "00", "007"),
    ),
    "rpm": Spelling(
        ("", "", "", "0:", "1:"),
        (".", ".", ".", "_", "~", "^", "", "+", ".."),
        ("a", "b", "rc", "git", "el", "fc", "Z"),
        ("-1", "-2", "-1.el8", "-1.el8_4", "-10.el9_2.1", "-0.1~rc1", "-1^git1"),
        tilde="~",
        numbers=(*_NUMBERS, "00", "007"),
    ),
    "alpm": Spelling(
        ("", "", "", "1:"),
        (".", ".", ".", "_", "", "+", ".."),
        ("a", "b", "rc", "alpha", "r", "g"),
        ("-1", "-2", "-10", "-1.1"),
        tilde="",
        numbers=(*_NUMBERS, "00", "007"),
    ),
    "apk": Spelling(
        ("",),
        (".", ".", "."),
        (),
        ("", "a", "b", "_alpha", "_beta2", "_rc1", "_pre", "_p1", "_git20240101", "_p", "_rc1_p2",
         "-r0", "-r1", "-r10", "b-r2", "_alpha1-r3", "_hg", "_cvs1-r2", "_pre2_rc1"),
        tilde="_",
        numbers=(*_NUMBERS, "01", "00", "010"),
    ),
    "pypi": Spelling(
        ("", "", "", "v", "1!"),
        (".", ".", "."),
        (),
        ("", "a1", "b2", "rc1", ".dev1", ".post1", "a1.dev3", ".post2.dev1", "+local.1", "+1",
         "+abc", "-1", "-alpha", "c2", "preview3", "rc1.post1", "_rev2", "+1.local"),
        tilde="",
    ),
    "maven": Spelling(
        ("",),
        (".", ".", ".", "-", "", "_"),
        ("alpha", "beta", "rc", "CR", "Final", "GA", "sp", "SNAPSHOT", "jre", "a", "m", "RELEASE",
         "x", "milestone"),
        ("", "", "-SNAPSHOT", ".Final", "-1", ".0", "-jre8"),
        numbers=(*_NUMBERS, "0", "0"),
    ),
    "gem": Spelling(
        ("",),
        (".", ".", ".", ".", "-"),
        ("a", "b", "pre", "rc1", "alpha2", "rc", "Z"),
        ("", "", ".0", ".pre", "-x86"),
        tilde=".",
        numbers=(*_NUMBERS, "0", "0"),
    ),
    "composer": Spelling(
        ("", "", "v"),
        (".", ".", "."),
        (),
        ("", "-dev", ".x-dev", "-alpha1", "beta2", "RC1", "-RC.2", "-p1", "-patch2", "pl3",
         "-stable", "@beta", "+build.5", "-beta-dev", "a", "-alpha.1.2", " as 1.0"),
        longest=4,
    ),
    "conan": Spelling(
        ("", "", "cci."),
        (".", ".", ".", "-", "+"),
        ("a", "b", "rc1", "1a", "1t", "3h"),
        ("", "", "-rc1", "+1", "-pre.2", "+1.2"),
    ),
    "cran": Spelling(("",), (".", "-"), numbers=(*_NUMBERS, "00", "01"), parts=()),
    "hackage": Spelling(("",), (".",), parts=()),
    "golang-toolchain": Spelling(
        ("go",),
        (".",),
        (),
        ("", ".0", ".1", ".10", "rc1", "rc2", "beta1"),
        numbers=("1", "2", "18", "20", "21", "22"),
        longest=2,
    ),
    "nuget": Spelling(
        ("",),
        (".",),
        (),
        ("", "-alpha", "-ALPHA", "-beta.2", "-Beta.10", "-rc-1", "+sha.5", "-preview.2.21154.6",
         "-99999999999", "-a.b"),
        longest=4,
    ),
}  # fmt: skip
_SEMVER = Spelling(
    ("",),
    (".",),
    (),
    ("", "", "-alpha", "-alpha.1", "-alpha.beta", "-beta.2", "-beta.11", "-rc.1", "-0.3.7", "-1",
     "-x.7.z.92", "-x-y-z.-", "+build", "+build.2", "-beta+exp.5", "-Alpha", "-0", "-a.b.c"),
    longest=3,
)  # fmt: skip
SPELLINGS |= dict.fromkeys(("npm", "cargo", "hex", "pub", "golang", "swift"), _SEMVER)


def made(name: str, count: int, random: Random) -> list[Pair]:
    """Pairs of made versions; of two in three the second is the first with one thing changed."""
    spelling = SPELLINGS[name]
    pairs = []
    for _ in range(count):
        first = _tokens(spelling, random)
        second = _changed(first, spelling, random) if random.random() < 0.67 else None
        pairs.append(("".join(first), "".join(second or _tokens(spelling, random))))
    prefix = "v" if name == "golang" else ""
    return [(prefix + a, prefix + b) for a, b in pairs]


def _tokens(spelling: Spelling, random: Random) -> list[str]:
    tokens = [random.choice(spelling.starts), random.choice(spelling.numbers)]
    exactly = spelling is _SEMVER or spelling.starts == ("go",)
    size = spelling.longest if exactly else random.randint(1, spelling.longest)
    for _ in range(size - 1):
        words = spelling.parts and random.random() < 0.3
        pool = spelling.parts if words else spelling.numbers
        tokens += [random.choice(spelling.between), random.choice(pool)]
    return [*tokens, random.choice(spelling.ends)]


def _changed(tokens: Sequence[str], spelling: Spelling, random: Random) -> list[str]:
    changed = list(tokens)
    at = random.randrange(len(changed))
    if at == len(changed) - 1:
        changed[at] = random.choice(spelling.ends)
    elif at == 0:
        changed[at] = random.choice(spelling.starts)
    elif at % 2:
        changed[at] = random.choice([*spelling.numbers, *(spelling.parts if at > 1 else ())])
    elif random.random() < 0.5 and spelling is not _SEMVER and spelling.starts != ("go",):
        del changed[at : at + 2]
    else:
        changed[at] = random.choice(spelling.between)
    return changed


def real(name: str, count: int, random: Random) -> list[Pair]:
    """Pairs of versions that reports, advisories and this machine's package lists hold, next
    to one another by spelling, which puts the near ones together, or at random."""
    if name == "golang-toolchain":
        return []  # there are few, and made ones cover them
    kind = name
    found = set(_reported().get(kind, ()))
    if kind == "pypi":
        found |= _advised()
    listed = _debian()
    found |= listed if kind == "deb" else {_respelled(v, SPELLINGS[name]) for v in listed}
    prefix = "v" if kind == "golang" else ""
    known = sorted(version if version.startswith(prefix) else prefix + version for version in found)
    if len(known) < 2:
        return []
    pairs = []
    for _ in range(count):
        at = random.randrange(len(known) - 1)
        near = min(len(known) - 1, at + random.randint(1, 3))
        other = near if random.random() < 0.7 else random.randrange(len(known))
        pairs.append((known[at], known[other]))
    return pairs


def _respelled(version: str, spelling: Spelling) -> str:
    """The upstream version of a Debian package, without what Debian added to it."""
    upstream = version.partition(":")[2] if ":" in version else version
    upstream = re.split(
        r"[+~.-]?(?:dfsg|ds|repack|really)", upstream.rpartition("-")[0] or upstream
    )[0]
    return upstream.replace("~", spelling.tilde)


@cache
def _reported() -> dict[str, set[str]]:
    """Versions in the reports of the corpus, by purl type."""
    found: dict[str, set[str]] = {}
    try:
        folders = [corpus("reports"), corpus("pairs")]
    except NotMeasured:
        return found
    for reading in read_paths(folders, Plugs(REPORTS)):
        for observation in reading.report.observations if reading.report else ():
            component = observation.component
            if component is not None and component.version:
                versions = found.setdefault(component.type, set())
                versions |= {component.version, *normalise(observation.fix.versions)}
    return found


@cache
def _advised() -> set[str]:
    """Versions in OSV's PyPI records."""
    try:
        archive = corpus("advisories", "osv", "PyPI", "all.zip")
    except NotMeasured:
        return set()
    found: set[str] = set()
    with zipfile.ZipFile(archive) as records:
        for name in records.namelist():
            for affected in json.loads(records.read(name)).get("affected", ()):
                found.update(affected.get("versions", ()))
                for span in affected.get("ranges", ()):
                    if span["type"] != "GIT":
                        found.update(v for event in span["events"] for v in event.values())
    return found


@cache
def _debian() -> set[str]:
    """Versions of all packages that this machine's apt knows; empty without apt."""
    if shutil.which("apt-cache") is None:
        return set()
    listed = subprocess.run(
        ["apt-cache", "dumpavail"], capture_output=True, text=True, check=False
    ).stdout
    return set(re.findall(r"^Version: (\S+)$", listed, re.M))

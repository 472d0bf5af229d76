"""What is installed, by Vigie's own readers beside the package manager's own list."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import NotMeasured, Row, corpus, run_python

TITLE = "Inventories"
ABOUT = (
    "Every package of an Alpine image archive, of a Debian root file system that debootstrap "
    "makes (or the one at `VIGIE_DEBIAN_ROOT`), and of this machine's dpkg database; beside the "
    "corpus's own count for the images, and what `dpkg-query` lists, with versions and source "
    "packages. All readers look at every file; the whole process each, start-up included, "
    "best of 3."
)

_TAKE = """
import sys
from pathlib import Path
from vigie.sources.filesystems.folder import FolderSystem
from vigie.sources.filesystems.images import open_image
from vigie.sources.packages.distribution import read_distribution
from vigie.sources.packages.reading import read_packages
from vigie.wiring.plugs import PACKAGES, Plugs

def take(system):
    readers = Plugs(PACKAGES).working()
    found = read_packages(system, readers, read_distribution(system))
    for package in found.packages:
        c = package.component
        if c.type in ("deb", "apk"):
            print(c.name, c.version, c.source_name, c.source_version, sep="\\t")

target, workspace = map(Path, sys.argv[1:])
if target.is_dir():
    take(FolderSystem(target))
else:
    with open_image(target, workspace) as image:
        take(image)
"""
_FORM = "${Package}\t${Version}\t${source:Package}\t${source:Version}\t${db:Status-Status}\n"
_ALPINE_PACKAGES = 14


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for image in ("alpine-310", "alpine-311"):
            yield _alpine(image, folder)
        yield _debian("Debian root file system", folder)
        yield _machine(folder)


def _alpine(name: str, folder: Path) -> Row:
    try:
        archive = corpus("images", f"{name}.docker.tar.gz")
    except NotMeasured as why:
        return _row(name, "-", "-", f"not measured: {why}")
    found, seconds, memory = _take(archive, folder)
    same = "same" if len(found) == _ALPINE_PACKAGES else "differs"
    return _row(name, len(found), _ALPINE_PACKAGES, same, seconds, memory)


def _debian(label: str, folder: Path) -> Row:
    given = os.environ.get("VIGIE_DEBIAN_ROOT")
    root = Path(given) if given else folder / "debian"
    if not given:
        program = shutil.which("debootstrap", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None or os.geteuid() != 0:
            return _row(label, "-", "-", "not measured: needs debootstrap and root")
        done = subprocess.run(
            [program, "--variant=minbase", "bookworm", root], capture_output=True, check=False
        )
        if done.returncode != 0:
            return _row(label, "-", "-", "not measured: debootstrap cannot reach its mirror")
    return _beside_dpkg(label, root, root, folder)


def _machine(folder: Path) -> Row:
    """The database alone: what else lies on this machine is not the same on another."""
    label, status = "this machine's dpkg database", Path("/var/lib/dpkg/status")
    if not status.is_file():
        return _row(label, "-", "-", "not measured: no dpkg here")
    alone = folder / "machine"
    for path in (status, Path("/etc/os-release")):
        copy = alone / path.relative_to("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return _beside_dpkg(label, alone, Path("/"), folder)


def _beside_dpkg(label: str, target: Path, root: Path, folder: Path) -> Row:
    if shutil.which("dpkg-query") is None:
        return _row(label, "-", "-", "not measured: needs dpkg-query")
    listed = subprocess.run(
        ["dpkg-query", f"--admindir={root / 'var/lib/dpkg'}", "-W", "-f", _FORM],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = [line.split("\t") for line in listed.stdout.splitlines()]
    wanted = {tuple(row[:4]) for row in rows if row[4] not in ("config-files", "not-installed")}
    found, seconds, memory = _take(target, folder)
    same = "same" if found == wanted else f"{len(found ^ wanted)} differ"
    return _row(label, len(found), len(wanted), same, seconds, memory)


def _take(target: Path, folder: Path) -> tuple[set[tuple[str, ...]], float, float]:
    """What is found, the best of three times, and the most memory of them."""
    costs = []
    for number in range(3):
        workspace = folder / f"{target.name}-{number}"
        workspace.mkdir()
        costs.append(run_python(_TAKE, str(target), str(workspace)))
    found = {tuple(line.split("\t")) for line in costs[0].output.splitlines()}
    return found, min(c.seconds for c in costs), max(c.memory for c in costs)


def _row(
    target: str, found: object, listed: object, beside: str, seconds: float = 0, memory: float = 0
) -> Row:
    return {
        "target": target,
        "found": found,
        "listed": listed,
        "beside it": beside,
        "seconds": f"{seconds:.2f}" if seconds else "-",
        "peak MiB": f"{memory:.0f}" if memory else "-",
    }

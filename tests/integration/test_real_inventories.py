"""Package readers beside the tools that own what they read: dpkg, rpm, Berkeley DB and Go.

Each needs its tool; without it the test says so and skips.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from tests.plugs.memory_system import MemorySystem
from tests.plugs.one_reader import read_one

from vigie.model.components import Component
from vigie.model.inventory import Distribution, Package
from vigie.model.observations import Location
from vigie.ports.packages import PackageReader
from vigie.sources.packages.ownership import with_owners
from vigie.sources.packages.readers.dpkg import READER as DPKG
from vigie.sources.packages.readers.go_binary import READER as GO_BINARY
from vigie.sources.packages.readers.rpm import READER as RPM

pytestmark = pytest.mark.slow

_STATUS = Path("/var/lib/dpkg/status")
_SPEC = """\
Name: {name}
Version: {version}
Release: 1.demo
{more}
Summary: A package for a test
License: MIT
BuildArch: noarch
%description
A package for a test.
%package libs
Summary: Its libraries
%description libs
Its libraries.
%files
%files libs
"""


def need(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")


def output(*argv: str, cwd: Path | None = None, **env: str) -> str:
    done = subprocess.run(
        argv, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def packages(reader: PackageReader, tree: Mapping[str, bytes | str]) -> list[Package]:
    found = read_one(reader, tree)
    assert found.problems == []
    return found.packages


def test_dpkg_query_and_the_reader_list_the_same() -> None:
    need("dpkg-query")
    form = "${Package}\t${Version}\t${source:Package}\t${source:Version}\t${db:Status-Status}\n"
    rows = [line.split("\t") for line in output("dpkg-query", "-W", "-f", form).splitlines()]
    wanted = {tuple(row[:4]) for row in rows if row[4] not in ("config-files", "not-installed")}
    found = read_one(DPKG, {"var/lib/dpkg/status": _STATUS.read_bytes()}).packages
    assert len(wanted) > 10
    assert wanted == {
        (c.name, c.version, c.source_name, c.source_version) for c in (p.component for p in found)
    }


@pytest.fixture(scope="module")
def rpm_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with rpm's own database of four packages."""
    need("rpm", "rpmbuild")
    folder = tmp_path_factory.mktemp("rpm")
    more = {"alpha": "Epoch: 2\nModularitylabel: demo:1:2:3", "beta": ""}
    for name, lines in more.items():
        spec = folder / f"{name}.spec"
        spec.write_text(_SPEC.format(name=name, version="1.2~rc1", more=lines))
        output("rpmbuild", "-bb", "--define", f"_topdir {folder}", str(spec))
    built = [str(path) for path in sorted(folder.glob("RPMS/noarch/*.rpm"))]
    database = ("rpm", "--dbpath", str(folder / "db"))
    output(*database, "--initdb")
    output(*database, "-i", "--justdb", "--nodeps", *built)
    return folder / "db"


def listed(folder: Path) -> list[tuple[str, ...]]:
    form = "%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{LICENSE}\n"
    said = output("rpm", "--dbpath", str(folder), "-qa", "--qf", form)
    return sorted(tuple(line.split("\t")) for line in said.splitlines())


def read(found: list[Package]) -> list[tuple[str, ...]]:
    return sorted((p.component.name, p.component.version, *p.component.licences) for p in found)


def test_rpm_and_the_reader_list_the_same(rpm_database: Path) -> None:
    path = rpm_database / "rpmdb.sqlite"
    if not path.is_file():
        pytest.skip("this rpm writes no SQLite database")
    found = packages(RPM, {"var/lib/rpm/rpmdb.sqlite": path.read_bytes()})
    assert len(found) == 4
    assert read(found) == listed(rpm_database)
    assert {p.component.source_name for p in found} == {"alpha", "beta"}


def test_what_rpm_says_of_a_file_is_what_owns_it(tmp_path: Path) -> None:
    """Two packages that rpmbuild made, of the distribution and of somebody else."""
    need("rpm", "rpmbuild")
    for name, vendor in {"own": "Rocky Enterprise Software Foundation", "other": "Me"}.items():
        place = f"/usr/lib/python3.9/site-packages/{name}-1.dist-info"
        spec = tmp_path / f"{name}.spec"
        files = f"%install\nmkdir -p %{{buildroot}}{place}\ntouch %{{buildroot}}{place}/METADATA\n"
        said = _SPEC.format(name=name, version="1", more=f"Vendor: {vendor}")
        spec.write_text(said.replace("%files\n", f"{files}%files\n{place}\n", 1))
        output("rpmbuild", "-bb", "--define", f"_topdir {tmp_path}", str(spec))
    built = [str(path) for path in sorted(tmp_path.glob("RPMS/noarch/*.rpm"))]
    output("rpm", "--dbpath", str(tmp_path / "db"), "-i", "--justdb", "--nodeps", *built)
    path = tmp_path / "db" / "rpmdb.sqlite"
    if not path.is_file():
        pytest.skip("this rpm writes no SQLite database")
    system = MemorySystem({"var/lib/rpm/rpmdb.sqlite": path.read_bytes()})
    found = packages(RPM, {"var/lib/rpm/rpmdb.sqlite": path.read_bytes()})
    for name in ("own", "other"):
        record = Location(f"usr/lib/python3.9/site-packages/{name}-1.dist-info/METADATA")
        found.append(Package(Component(name, "1", "pypi"), record))
    owned = with_owners(system, found, Distribution("rocky", "9.4"))
    assert [p.owner for p in owned if p.component.type == "pypi"] == ["own", ""]


@pytest.mark.parametrize(("order", "name"), [("<", "1234"), (">", "4321")])
@pytest.mark.parametrize("size", [512, 4096, 65536])
def test_a_hash_that_berkeley_db_wrote_is_read(
    rpm_database: Path, tmp_path: Path, order: str, name: str, size: int
) -> None:
    """rpm's headers, loaded into a hash by Berkeley DB itself, as rpm did before 4.16."""
    load = shutil.which("db5.3_load") or shutil.which("db_load")
    if load is None:
        pytest.skip("db_load is not on this machine")
    with closing(sqlite3.connect(rpm_database / "rpmdb.sqlite")) as database:
        rows = database.execute("SELECT hnum, blob FROM Packages").fetchall()
    lines = [
        "VERSION=3", "format=bytevalue", "type=hash", f"db_pagesize={size}", f"db_lorder={name}",
        "HEADER=END",
    ]  # fmt: skip
    for number, blob in [(0, struct.pack(f"{order}I", len(rows))), *rows]:
        lines += [f" {struct.pack(f'{order}I', number).hex()}", f" {blob.hex()}"]
    text = "\n".join([*lines, "DATA=END\n"])
    subprocess.run([load, tmp_path / "Packages"], input=text, text=True, check=True)
    found = packages(RPM, {"var/lib/rpm/Packages": (tmp_path / "Packages").read_bytes()})
    assert read(found) == listed(rpm_database)


@pytest.mark.parametrize(
    "target", ["linux/amd64", "linux/386", "linux/mips", "windows/amd64", "darwin/arm64"]
)
def test_go_and_the_reader_list_the_same(tmp_path: Path, target: str) -> None:
    need("go")
    dependency = tmp_path / "dependency"
    dependency.mkdir()
    (dependency / "go.mod").write_text("module example.org/dependency\n\ngo 1.20\n")
    (dependency / "it.go").write_text("package dependency\n\nconst It = 1\n")
    (tmp_path / "go.mod").write_text(
        "module example.org/shop\n\ngo 1.20\n\nrequire example.org/dependency v1.2.3\n\n"
        "replace example.org/dependency => ./dependency\n"
    )
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "example.org/dependency"\n\n'
        "func main() { println(dependency.It) }\n"
    )
    system, _, machine = target.partition("/")
    flags = {"GOOS": system, "GOARCH": machine, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
    output("go", "build", "-o", "shop", ".", cwd=tmp_path, **flags)
    said = output("go", "version", "-m", str(tmp_path / "shop")).splitlines()
    found = packages(GO_BINARY, {"bin/shop": (tmp_path / "shop").read_bytes()})
    named = {p.component.name: p.component.version for p in found}
    rows = [line.strip().split("\t") for line in said[1:]]
    assert set(named) == {"stdlib"} | {row[1] for row in rows if row[0] in ("mod", "dep")}
    assert named["stdlib"] == said[0].split()[1].removeprefix("go")
    assert named["example.org/dependency"] == ""  # a folder stands in its place


def test_programs_of_go_itself_are_read() -> None:
    need("go")
    root = Path(output("go", "env", "GOROOT").strip())
    program = (root / "bin" / "gofmt").read_bytes()
    release = (root / "VERSION").read_text().split()[0].removeprefix("go")
    named = {p.component.name: p.component.version for p in packages(GO_BINARY, {"bin/x": program})}
    assert named["stdlib"] == release

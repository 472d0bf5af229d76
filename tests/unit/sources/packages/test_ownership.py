"""What a distribution's package brought is not judged a second time."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from tests.plugs.memory_system import MemorySystem

from vigie.model.components import Component
from vigie.model.inventory import Distribution, Package
from vigie.model.observations import Location
from vigie.sources.packages.ownership import with_owners

SIX = "usr/lib/python3/dist-packages/six-1.16.0.egg-info"
DEBIAN = "Debian Python Team <team+python@tracker.debian.org>"


def status(maintainer: str, name: str = "python3-six", architecture: str = "all") -> str:
    return (
        f"Package: {name}\nStatus: install ok installed\nArchitecture: {architecture}\n"
        f"Maintainer: {maintainer}\nVersion: 1\n\n"
    )


def owner(files: Mapping[str, str], path: str, system: str = "deb") -> str:
    packages = [
        Package(Component("base", "1", system), Location("var/lib/dpkg/status")),
        Package(Component("six", "1.16.0", "pypi"), Location(path)),
    ]
    base, six = with_owners(MemorySystem(files), packages)
    assert base == packages[0]
    return six.owner


@pytest.mark.parametrize(
    ("maintainer", "owned"),
    [
        (DEBIAN, True),
        ("Colin Watson <cjwatson@debian.org>", True),
        ("Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>", True),
        ("Docker <support@docker.com>", False),
        ("Trick <x@debian.org.sample.example>", False),
        ("", False),
    ],
)
def test_only_what_the_distribution_maintains_is_its_own(maintainer: str, owned: bool) -> None:
    files = {
        "var/lib/dpkg/status": status("Other <o@sample.example>", "other") + status(maintainer),
        "var/lib/dpkg/info/python3-six.list": f"/.\n/usr\n/{SIX}\n",
    }
    assert owner(files, SIX) == ("python3-six" if owned else "")


def test_lists_are_named_with_their_architecture_too() -> None:
    files = {
        "var/lib/dpkg/status": status(DEBIAN, "libx", "amd64"),
        "var/lib/dpkg/info/libx:amd64.list": f"/{SIX}\n",
    }
    assert owner(files, SIX) == "libx"


def test_files_below_lib_are_those_below_usr_lib() -> None:
    files = {
        "var/lib/dpkg/status": status(DEBIAN),
        "var/lib/dpkg/info/python3-six.list": f"/{SIX.removeprefix('usr/')}\n",
    }
    assert owner(files, SIX) == "python3-six"


def test_what_no_list_names_belongs_to_nobody() -> None:
    files = {"var/lib/dpkg/status": status(DEBIAN)}
    assert owner(files, "usr/local/lib/python3.11/site-packages/six-1.dist-info/METADATA") == ""
    assert owner({}, SIX) == ""


def test_alpine_lists_folders_and_files() -> None:
    installed = (
        "P:py3-six\nV:1.16.0-r0\nF:usr/lib/python3.12/site-packages/six-1.16.0.dist-info\n"
        "R:METADATA\nF:\nR:top\n\nP:other\nF:usr/lib/python3.12/site-packages\nR:METADATA\n"
    )
    files = {"lib/apk/db/installed": installed}
    path = "usr/lib/python3.12/site-packages/six-1.16.0.dist-info/METADATA"
    assert owner(files, path, "apk") == "py3-six"
    assert owner(files, "top", "apk") == "py3-six"
    assert owner(files, "usr/lib/python3.12/METADATA", "apk") == ""


def test_without_a_distribution_no_rpm_vendor_is_its_own() -> None:
    packages = [
        Package(Component("base", "1", "rpm"), Location("var/lib/rpm/Packages")),
        Package(Component("six", "1.16.0", "pypi"), Location(SIX)),
    ]
    system = MemorySystem({"var/lib/rpm/Packages": b"no database"})
    assert with_owners(system, packages) == packages
    # A broken one owns nothing; its reader tells of it.
    assert with_owners(system, packages, Distribution("rocky", "9.3")) == packages


def header(vendor: str, folders: list[str], files: list[tuple[int, str]]) -> bytes:
    """A header as rpm stores it, of a package named python3-six."""
    entries, store = b"", b""

    def add(tag: int, kind: int, data: bytes, count: int = 1) -> None:
        nonlocal entries, store
        store += b"\0" * (-len(store) % 4)
        entries += struct.pack(">iIiI", tag, kind, len(store), count)
        store += data

    def texts(*values: str) -> bytes:
        return b"".join(value.encode() + b"\0" for value in values)

    add(1000, 6, texts("python3-six"))
    add(1001, 6, texts("1.16.0"))
    add(1011, 6, texts(vendor))
    add(1118, 8, texts(*folders), len(folders))
    add(1117, 8, texts(*(name for _, name in files)), len(files))
    add(1116, 4, b"".join(struct.pack(">I", place) for place, _ in files), len(files))
    return struct.pack(">II", len(entries) // 16, len(store)) + entries + store


def rpm_owner(blobs: list[bytes], path: str, distribution: str = "rocky") -> str:
    with NamedTemporaryFile(suffix=".sqlite") as file:
        with closing(sqlite3.connect(file.name)) as database, database:
            database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)")
            database.executemany("INSERT INTO Packages (blob) VALUES (?)", [(b,) for b in blobs])
        system = MemorySystem({"var/lib/rpm/rpmdb.sqlite": Path(file.name).read_bytes()})
    packages = [
        Package(Component("base", "1", "rpm"), Location("var/lib/rpm/rpmdb.sqlite")),
        Package(Component("six", "1.16.0", "pypi"), Location(path)),
    ]
    base, six = with_owners(system, packages, Distribution(distribution, "9.3"))
    assert base == packages[0]
    return six.owner


FOLDERS = ["/usr/share/doc/", "/usr/lib/python3.9/site-packages/six-1.16.0.dist-info/"]
METADATA = "usr/lib/python3.9/site-packages/six-1.16.0.dist-info/METADATA"


@pytest.mark.parametrize(
    ("vendor", "distribution", "owned"),
    [
        ("Rocky Enterprise Software Foundation", "rocky", True),
        ("Red Hat, Inc.", "rhel", True),
        ("SUSE LLC <https://www.suse.com/>", "opensuse-leap", True),
        ("openSUSE", "opensuse-tumbleweed", True),
        ("http://openeuler.org", "openeuler", True),
        ("Fedora Project", "rhel", False),  # EPEL: Red Hat's advisories say nothing of it
        ("Microsoft Corporation", "rhel", False),
        ("obs://build.opensuse.org/home:somebody", "opensuse-leap", False),
        ("Rockyesque", "rocky", False),
        ("", "rocky", False),
        ("anybody", "nobody-knows", False),
    ],
)
def test_rpm_tells_who_made_a_package(vendor: str, distribution: str, owned: bool) -> None:
    blob = header(vendor, FOLDERS, [(0, "six"), (1, "METADATA"), (1, "RECORD")])
    assert rpm_owner([blob], METADATA, distribution) == ("python3-six" if owned else "")


def test_rpm_names_a_file_by_its_folder_and_name() -> None:
    blob = header("Rocky", FOLDERS, [(0, "METADATA"), (1, "RECORD")])
    assert rpm_owner([blob], METADATA) == ""
    # A folder that is a link into /usr
    blob = header("Rocky", ["/lib/six.dist-info/"], [(0, "METADATA")])
    assert rpm_owner([blob], "usr/lib/six.dist-info/METADATA") == "python3-six"
    assert rpm_owner([blob], "lib/six.dist-info/METADATA") == "python3-six"


@pytest.mark.parametrize(
    "broken",
    [
        header("Rocky", FOLDERS, [(1, "METADATA")])[:-8],
        header("Rocky", FOLDERS, [(7, "METADATA")]),
        header("Rocky", FOLDERS, [(1, "METADATA")]).replace(
            struct.pack(">iI", 1116, 4), struct.pack(">iI", 1116, 6)
        ),
        b"",
    ],
)
def test_a_broken_header_owns_nothing_and_hides_no_other(broken: bytes) -> None:
    whole = header("Rocky", FOLDERS, [(1, "METADATA")])
    assert rpm_owner([broken], METADATA) == ""
    assert rpm_owner([broken, whole], METADATA) == "python3-six"

"""What a distribution's package brought is not judged a second time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.plugs.memory_system import MemorySystem

from vigie.model.components import Component
from vigie.model.inventory import Package
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

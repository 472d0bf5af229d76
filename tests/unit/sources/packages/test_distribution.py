"""Which distribution a file system belongs to."""

from __future__ import annotations

import time

import pytest
from tests.plugs.memory_system import MemorySystem

from vigie.model.inventory import Distribution
from vigie.sources.packages.distribution import read_distribution

DEBIAN = 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n'


@pytest.mark.parametrize(
    ("files", "label"),
    [
        ({"etc/os-release": DEBIAN}, "debian-12"),
        ({"usr/lib/os-release": DEBIAN}, "debian-12"),
        ({"etc/os-release": ROCKY}, "rocky-9.3"),
        ({"etc/os-release": "ID=wolfi\n"}, "wolfi"),
        ({"etc/os-release": "ID=debian\nVERSION_CODENAME=trixie\n"}, "debian-13"),
        ({"etc/os-release": "ID=debian\n", "etc/debian_version": "forky/sid\n"}, "debian-14"),
        ({"etc/os-release": "# nothing\n", "etc/alpine-release": "3.10.9\n"}, "alpine-3.10.9"),
        ({"etc/redhat-release": "CentOS Linux release 7.9.2009 (Core)\n"}, "centos-7.9.2009"),
        ({"etc/redhat-release": "Red Hat Enterprise Linux release 8.4 (Ootpa)"}, "rhel-8.4"),
        ({"etc/debian_version": "10.2\n"}, "debian-10"),
    ],
)
def test_a_distribution_is_told_by_its_files(files: dict[str, str], label: str) -> None:
    found = read_distribution(MemorySystem(files))
    assert found is not None
    assert found.label == label


def test_what_names_no_distribution_is_none() -> None:
    files = {"etc/os-release": "", "etc/redhat-release": "Something else", "a": "b"}
    assert read_distribution(MemorySystem(files)) is None


def test_every_field_of_os_release_is_kept() -> None:
    assert read_distribution(MemorySystem({"etc/os-release": ROCKY})) == Distribution(
        "rocky", "9.3", like=("rhel", "centos", "fedora")
    )


def test_a_huge_file_is_not_read() -> None:
    assert read_distribution(MemorySystem({"etc/os-release": DEBIAN + "#" * 70_000})) is None


def test_an_endless_run_of_blanks_costs_no_time() -> None:
    for blanks in ("\n" * 60_000, "ID=" + " " * 60_000 + "x", " " * 60_000):
        started = time.thread_time()
        read_distribution(MemorySystem({"etc/os-release": blanks}))
        read_distribution(MemorySystem({"etc/redhat-release": f"x{blanks}x"}))
        assert time.thread_time() - started < 2

"""pacman: bases, constraints, and a description without a version."""

from __future__ import annotations

from tests.plugs.one_reader import read_one
from tests.plugs.package_samples.alpm import SAMPLES

from vigie.sources.packages.readers.alpm import READER


def test_the_base_is_the_source_package() -> None:
    package = read_one(READER, SAMPLES[0][0]).packages[0]
    assert package.component.source_name == "demo"
    assert package.component.purl.endswith("?arch=x86_64&distro=arch&upstream=demo")
    assert package.component.licences == ("GPL-3.0-or-later",)
    assert package.requires == ("glibc", "demo-data")


def test_a_description_without_a_version_is_refused() -> None:
    found = read_one(READER, {"var/lib/pacman/local/a-1/desc": "%NAME%\na\n"})
    assert (found.packages, len(found.problems)) == ([], 1)

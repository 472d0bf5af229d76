"""RPM manifests: source packages, epochs, and lines that are something else."""

from __future__ import annotations

from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.rpm_manifest import SAMPLES

from vigie.sources.packages.readers.rpm_manifest import READER

TREE = SAMPLES[0][0]
PATH = "var/lib/rpmmanifest/container-manifest-2"


def test_source_and_epoch_are_told() -> None:
    found = by_name(read_one(READER, TREE))
    component = found["demo-libs"].component
    assert (component.source_name, component.source_version) == ("demo-src", "2:2.0-1")
    assert component.purl == (
        "pkg:rpm/azurelinux/demo-libs@2.0-1"
        "?arch=noarch&distro=azurelinux-3.0&epoch=2&upstream=demo-src-2.0-1.src.rpm"
    )
    assert "epoch" not in found["demo"].component.purl
    assert found["demo-libs"].location.start_line == 2


def test_another_line_is_told_and_hides_nothing() -> None:
    found = read_one(READER, {PATH: "junk\n\n" + TREE[PATH]})
    assert set(by_name(found)) == {"demo", "demo-libs"}
    assert [p.message.params["line"] for p in found.problems] == [1]

"""Matching as a whole: what is found, what is not known to be safe, and that nothing is twice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.osv_algorithm import is_vulnerable, read_entries, versions_of
from tests.unit.triage.build import findings, flaw, run
from tests.unit.triage.matching.advisories import (
    DEBIAN,
    UBUNTU,
    MemoryIndex,
    joined,
    package,
    record,
)

from vigie.model.advisories import Advisory
from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding
from vigie.model.inventory import Distribution, Package
from vigie.model.observations import Location, Observation, Verdict
from vigie.ports.reports import Report
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.intake import Reading
from vigie.sources.advisories.records import read_record
from vigie.triage.matching import affects, homes, match

HOST = Asset(AssetKind.HOST, "web-1", distro="debian-12")


def ids(
    packages: list[Package], index: MemoryIndex, where: Distribution | None = None
) -> list[str]:
    return [seen.rule.id for seen in match(packages, where, index).observations]


def concluded(*seen: Observation) -> list[Finding]:
    """The findings of a result: one reading for each tool."""
    tools = dict.fromkeys(one.tool for one in seen)
    readings = []
    for tool in tools:
        own = tuple(one for one in seen if one.tool == tool)
        report = Report(tool, len(own), own, asset=HOST)
        readings.append(Reading(run(tool, records=len(own), observations=len(own)), report))
    return list(conclude(readings, ConcludeOptions("2026-01-01T00:00:00Z")).findings)


def test_packages_in_their_order_each_with_its_place() -> None:
    index = MemoryIndex(
        record("A-1", "PyPI", "Demo_App", "fixed 2"), record("A-2", "npm", "left-pad", "fixed 1")
    )
    packages = [
        package("left-pad", "0.9", "npm", "package-lock.json"),
        package("demo.app", "1.0", path="a/uv.lock"),
        package("demo.app", "2.0", path="b/uv.lock"),
        package("demo-app", "1.0", path="c/uv.lock"),
    ]
    seen = match(packages, None, index).observations
    assert [(o.record, o.rule.id, o.locations[0].path) for o in seen] == [
        ("matches[0]", "A-2", "package-lock.json"),
        ("matches[1]", "A-1", "a/uv.lock"),
        ("matches[2]", "A-1", "c/uv.lock"),
    ]


def test_the_index_is_asked_once_for_each_ecosystem() -> None:
    index = MemoryIndex(record("A-1", "PyPI", "a", "fixed 2"), record("A-2", "npm", "a", "fixed 1"))
    match([package("a", "1"), package("b", "1"), package("a", "3"), package("a", "1", "npm")],
          None, index)  # fmt: skip
    assert index.asked == [("PyPI", frozenset({"a", "b"})), ("npm", frozenset({"a"}))]


def test_unknown_is_not_safe() -> None:
    index = MemoryIndex(record("A-1", "PyPI", "a", "fixed 2"), empty=("Maven", "Debian:12"))
    nameless = package("jar", "1", "maven")
    versionless, unsaid = package("a", ""), package("nobody-knows-it", "")
    odd = package("a", "oh no")
    got = match(
        [nameless, versionless, odd, unsaid, package("x", "1", "npm"), package("y", "1", "npm"),
         package("z", "1", "conda"), package("zip", "1", "deb", distro="debian-13"),
         package("bash", "1", "rpm", distro="amzn-2023"), package("ok", "1", "deb")],
        DEBIAN, index,
    )  # fmt: skip
    assert got.checked == {"pypi", "maven", "deb"}
    assert got.unchecked == {"npm": 2, "conda": 1, "Debian:13": 1, "amzn-2023": 1}
    assert got.unnamed == (nameless,)
    assert got.unversioned == (versionless, unsaid)
    assert got.incomparable == (odd,)
    assert got.observations == ()


def test_what_does_not_say_what_it_is_is_unnamed() -> None:
    file = package("config.bin", "1", "")
    got = match([file], None, MemoryIndex(empty=("PyPI",)))
    assert (got.unnamed, dict(got.unchecked)) == ((file,), {})
    assert homes([file], None) == {}


def test_one_version_that_cannot_be_compared_is_enough_to_say_so() -> None:
    odd = package("perl-libs", "5.32-1", "rpm", source_name="perl", source_version="5 32")
    alma = Distribution("almalinux", "9")
    assert match([odd], alma, MemoryIndex(empty=("AlmaLinux:9",))).incomparable == (odd,)


def test_an_ecosystem_without_a_record_about_the_package_is_an_answer() -> None:
    got = match([package("a", "1")], None, MemoryIndex(empty=("PyPI",)))
    assert got.checked == {"pypi"}
    assert not got.unchecked
    assert not got.observations


def test_what_holds_for_every_version_holds_without_one() -> None:
    index = MemoryIndex(
        record("MAL-1", "PyPI", "evil", "introduced 0"), record("A-1", "PyPI", "evil", "fixed 2")
    )
    got = match([package("evil", ""), package("evil", "oh no")], None, index)
    assert [seen.rule.id for seen in got.observations] == ["MAL-1", "MAL-1"]
    assert (len(got.unversioned), len(got.incomparable)) == (1, 1)


def test_an_advisory_that_cannot_be_compared_is_said_to_be_unknown() -> None:
    index = MemoryIndex(record("A-1", "PyPI", "a", "fixed oh no"))
    (seen,) = match([package("a", "1")], None, index).observations
    assert (seen.verdict, seen.rule.id) == (Verdict.UNKNOWN, "A-1")
    assert concluded(seen) == []


def test_withdrawn_advisories_count_no_more() -> None:
    index = MemoryIndex(record("A-1", "PyPI", "a", "fixed 2", withdrawn="2024-01-01T00:00:00Z"))
    assert ids([package("a", "1")], index) == []


def test_errata_beside_views_of_single_flaws_are_the_same_findings() -> None:
    flaws = ("CVE-2024-1001", "CVE-2024-1002")
    index = MemoryIndex(
        record("DSA-5000-1", "Debian:12", "openssl", "fixed 3.0-2", upstream=flaws),
        record("DEBIAN-CVE-2024-1001", "Debian:12", "openssl", "fixed 3.0-2", upstream=flaws[:1]),
        record("DEBIAN-CVE-2024-1002", "Debian:12", "openssl", "fixed 3.0-2"),
        record(
            "DEBIAN-CVE-2024-1003", "Debian:12", "openssl", "introduced 0", severity="unimportant"
        ),
    )
    packages = [
        package(name, "3.0-1", "deb", "var/lib/dpkg/status", source_name="openssl")
        for name in ("libssl3", "openssl")
    ]
    seen = match(packages, DEBIAN, index).observations
    assert len(seen) == 8
    others = [
        flaw("CVE-2024-1001", "libssl3", "3.0-1", kind="deb", source="openssl", tool="trivy"),
        flaw("CVE-2024-1002", "openssl", "3.0-1", kind="deb", source="openssl", tool="grype"),
    ]
    got = {f.rule.id: f for f in concluded(*seen, *others)}
    assert sorted(got) == ["CVE-2024-1001", "CVE-2024-1002", "CVE-2024-1003"]
    assert got["CVE-2024-1001"].sources == ("embedded", "trivy")
    assert got["CVE-2024-1001"].fix.versions == ("3.0-2",)
    assert {i.name for i in got["CVE-2024-1001"].instances} == {"libssl3", "openssl"}


@pytest.mark.parametrize(
    ("where", "ecosystem", "type_", "erratum", "view"),
    [
        (UBUNTU, "Ubuntu:22.04:LTS", "deb", "USN-6000-1", "UBUNTU-CVE-2024-1001"),
        (Distribution("almalinux", "9"), "AlmaLinux:9", "rpm", "ALSA-2024:1", "CVE-2024-1001"),
        (Distribution("rhel", "9"), "Red Hat:enterprise_linux:9::baseos", "rpm", "RHSA-2024:1",
         "CVE-2024-1001"),
        (Distribution("openeuler", "24.03"), "openEuler:24.03-LTS", "rpm", "OESA-2024-1",
         "CVE-2024-1001"),
    ],
)  # fmt: skip
def test_errata_of_others_too(
    where: Distribution, ecosystem: str, type_: str, erratum: str, view: str
) -> None:
    index = MemoryIndex(
        record(erratum, ecosystem, "openssl", "fixed 3.0-2", related=("CVE-2024-1001",)),
        record(view, ecosystem, "openssl", "fixed 3.0-2"),
    )
    seen = match([package("openssl", "3.0-1", type_)], where, index).observations
    assert len(seen) == 2
    assert [f.rule.id for f in concluded(*seen)] == ["CVE-2024-1001"]


def test_records_of_two_databases_are_one_finding() -> None:
    index = MemoryIndex(
        record(
            "PYSEC-2024-1", "PyPI", "a", "fixed 2", aliases=("CVE-2024-1001", "GHSA-aaaa-bbbb-cccc")
        ),
        record("GHSA-aaaa-bbbb-cccc", "PyPI", "a", "fixed 2", aliases=("CVE-2024-1001",)),
    )
    seen = match([package("a", "1", path="uv.lock")], None, index).observations
    (one,) = findings(*seen)
    assert (one.rule.id, one.fix.versions) == ("CVE-2024-1001", ("2",))


def test_would_another_version_still_be_affected() -> None:
    index = MemoryIndex(
        record("A-1", "PyPI", "a", "fixed 2"),
        record("A-2", "PyPI", "a", "introduced 3", "fixed 3.2"),
        joined(
            record("D-1", "Debian:12", "openssl", "fixed 3.0-2"),
            record("D-1", "Debian:11", "openssl", "introduced 0"),
        ),
    )
    component = package("a", "1").component
    assert [hit.advisory for hit in affects(component, index)] == ["A-1"]
    assert [hit.advisory for hit in affects(component, index, version="3.1")] == ["A-2"]
    assert affects(component, index, version="3.2") == ()
    deb = package(
        "libssl3", "3.0-1", "deb", source_name="openssl", source_version="3.0-1"
    ).component
    (hit,) = affects(deb, index, DEBIAN)
    assert (hit.advisory, hit.fix.versions) == ("D-1", ("3.0-2",))
    assert affects(deb, index, DEBIAN, version="3.0-2") == ()
    assert affects(deb, index, Distribution("debian", "11"), version="3.0-2") != ()


def test_homes_are_what_should_be_loaded() -> None:
    packages = [package("a", "1"), package("b", "1"), package("c", "1", "deb"),
                package("d", "1", "conda")]  # fmt: skip
    assert homes(packages, DEBIAN) == {"PyPI": 2, "Debian:12": 1, "conda": 1}


def test_nothing_is_everything_for_nothing() -> None:
    got = match([], None, MemoryIndex())
    assert not (got.observations or got.checked or got.unchecked)
    assert affects(package("a", "1").component, MemoryIndex()) == ()


def test_a_place_that_is_not_known_is_none() -> None:
    index = MemoryIndex(record("A-1", "PyPI", "a", "fixed 2"))
    (seen,) = match([Package(package("a", "1").component)], None, index).observations
    assert seen.locations == ()
    placed = Package(package("a", "1").component, Location("a", 3))
    (seen,) = match([placed], None, index).observations
    assert seen.locations == (Location("a", 3),)


@pytest.mark.corpus
@pytest.mark.slow
def test_every_verdict_over_real_advisories_is_the_schema_s(corpus: Path) -> None:
    archive = corpus / "advisories" / "osv" / "PyPI" / "all.zip"
    entries = read_entries(archive)
    with zipfile.ZipFile(archive) as members:
        index = MemoryIndex(*(read_record(members.read(name)) for name in members.namelist()))
    names = sorted(entries)[::6]
    asked = [package(name, version) for name in names for version in versions_of(entries[name])]
    got = {
        (seen.component.name, seen.component.version, seen.rule.id)
        for seen in match(asked, None, index).observations
        if seen.component is not None and seen.verdict is Verdict.FAIL
    }
    compared = 0
    for one in asked:
        name, version = one.component.name, one.component.version
        for advisory, affected in entries[name]:
            expected = is_vulnerable(version, affected)
            if expected is not None:
                compared += 1
                assert ((name, version, advisory) in got) is expected
    assert compared > 20_000


def test_the_index_of_the_tests_leaves_out_what_is_withdrawn() -> None:
    index = MemoryIndex(record("A-1", "PyPI", "a", "fixed 2", withdrawn="2024"))
    assert list(index.affecting("PyPI", ["a"])) == []
    assert index.advisories(["A-1", "A-2"]) == {"A-1": Advisory("A-1", withdrawn="2024")}

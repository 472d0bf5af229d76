"""Java archives: what they say they are, archives inside them, and hostile ones."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.java_archive import FAT, PLAIN, archive, record

from vigie.model.runs import ProblemCode
from vigie.sources.packages.readers.java_archive import READER
from vigie.sources.packages.readers.java_archive.groups import known_group
from vigie.sources.packages.readers.java_archive.identity import Clues, identities

MANIFEST = "META-INF/MANIFEST.MF"


def told(stem: str, manifest: str = "", **records: str) -> list[str]:
    return [f"{i.group}:{i.name}:{i.version}" for i in identities(Clues(stem, manifest, records))]


@pytest.mark.parametrize(
    ("stem", "manifest", "wanted"),
    [
        ("demo-text-1.10.0", "", ":demo-text:1.10.0"),
        ("demo-1.0-SNAPSHOT", "", ":demo:1.0-SNAPSHOT"),
        ("demo-31.1-jre", "", ":demo:31.1-jre"),
        ("demo-2.17.1-redhat-00001", "", ":demo:2.17.1-redhat-00001"),
        ("demo-4.1.2.Final-linux-x86_64", "", ":demo:4.1.2.Final"),
        ("demo_2.13-1.0", "", ":demo_2.13:1.0"),
        ("spring-web-5.3", "Implementation-Title: a:b", "org.springframework:spring-web:5.3"),
        ("demo-a-1", "Implementation-Vendor-Id: org.demo", "org.demo:demo-a:1"),
        ("demo-a-1", "Bundle-SymbolicName: org.demo.demo-a;x:=y", "org.demo:demo-a:1"),
        ("text-1", "Bundle-SymbolicName: org.demo.text", ":text:1"),
        ("x", "Implementation-Title: org.demo#a;3", "org.demo:a:3"),
        ("x", "Implementation-Title: A demo\nImplementation-Version: 3", ":x:3"),
    ],
)  # fmt: skip
def test_an_archive_is_named_by_what_it_says(stem: str, manifest: str, wanted: str) -> None:
    assert told(stem, manifest) == [wanted]


@pytest.mark.parametrize(
    "manifest", ["", "Implementation-Title: X", "Implementation-Version: ${v}"]
)
def test_an_archive_without_a_version_is_nothing(manifest: str) -> None:
    assert told("rt", manifest) == []


def test_mavens_records_say_what_was_shaded_in() -> None:
    members = {**record("org.shop", "shop", "2.0"), **record("org.demo", "core", "1.2.3")}
    found = by_name(read_one(READER, {"shop-2.0.jar": archive(members)}))
    assert set(found) == {"org.shop:shop", "org.demo:core"}


def test_an_archive_without_its_own_record_is_told_beside_what_it_holds() -> None:
    members = {MANIFEST: "Implementation-Vendor-Id: org.shop\n", **record("org.demo", "core", "1")}
    found = by_name(read_one(READER, {"shop-2.0.jar": archive(members)}))
    assert set(found) == {"org.demo:core", "org.shop:shop"}


def test_a_pom_inside_stands_in_for_the_record() -> None:
    pom = (
        "<project><parent><groupId>org.demo</groupId><artifactId>p</artifactId>"
        "<version>4</version></parent><artifactId>core</artifactId></project>"
    )
    tree = {"core-4.jar": archive({"META-INF/maven/org.demo/core/pom.xml": pom})}
    component = read_one(READER, tree).packages[0].component
    assert (component.name, component.version) == ("org.demo:core", "4")


def test_an_archive_of_no_known_group_is_noted() -> None:
    found = read_one(READER, {"lib/demo-1.jar": archive({MANIFEST: ""})})
    assert found.packages[0].component.purl == "pkg:maven/demo@1"
    assert [(p.code, p.where) for p in found.problems] == [(ProblemCode.NOTE, "lib/demo-1.jar")]


@pytest.mark.parametrize("ending", ["sources", "javadoc"])
def test_what_comes_beside_an_artefact_is_none(ending: str) -> None:
    assert read_one(READER, {f"demo-1-{ending}.jar": PLAIN}).packages == []


def test_a_broken_archive_inside_does_not_hide_the_others() -> None:
    tree = {"a.jar": archive({"lib/x-1.jar": b"junk", "lib/core-1.2.3.jar": PLAIN})}
    found = read_one(READER, tree)
    assert list(by_name(found)) == ["org.demo:core"]
    assert [(p.code, p.where) for p in found.problems] == [
        (ProblemCode.RECORD, "a.jar/lib/x-1.jar")
    ]


def test_archives_in_archives_end() -> None:
    data = PLAIN
    for _ in range(6):
        data = archive({"inner.jar": data})
    found = read_one(READER, {"a.jar": data})
    assert found.packages == []
    assert "too deep" in str(found.problems[0].message)


def test_a_bomb_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vigie.sources.packages.readers.java_archive._LARGEST", 1_000_000)
    tree = {"a.jar": archive({"bomb.jar": bytes(5_000_000), "core-1.2.3.jar": PLAIN})}
    found = read_one(READER, tree)
    assert list(by_name(found)) == ["org.demo:core"]
    assert "too large" in str(found.problems[0].message)


def test_a_record_as_large_as_a_bomb_is_refused() -> None:
    members = {"META-INF/maven/g/a/pom.properties": bytes(5_000_000)}
    found = read_one(READER, {"a.jar": archive(members)})
    assert (found.packages, len(found.problems)) == ([], 1)


def test_a_list_of_members_that_is_too_long_is_refused() -> None:
    data = bytearray(PLAIN)
    struct.pack_into("<I", data, len(data) - 10, 200_000_000)
    found = read_one(READER, {"a.jar": bytes(data)})
    assert "lists more members" in str(found.problems[0].message)


def test_a_member_without_a_name_is_passed_over() -> None:
    data = PLAIN.replace(b"META-INF/MANIFEST.MF", bytes(20))
    assert list(by_name(read_one(READER, {"a.jar": data}))) == ["org.demo:core"]


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4))
def test_any_change_of_an_archive_is_read_or_refused(at: int, change: bytes) -> None:
    where = at % len(FAT)
    data = FAT[:where] + change + FAT[where + len(change) :]
    assert len(read_one(READER, {"a.jar": data}).packages) <= 6


@given(st.text(alphabet="a1-._+rcjdkredhat", max_size=3000))
def test_any_name_is_read_at_once(stem: str) -> None:
    started = time.thread_time()
    told(stem, f"Implementation-Title: {stem}\nBundle-SymbolicName: {stem}")
    assert time.thread_time() - started < 30  # not for ever


@pytest.mark.parametrize(
    ("name", "version", "group"),
    [
        ("spring-web", "5.3", "org.springframework"),
        ("spring-boot-starter-web", "2.7", "org.springframework.boot"),
        ("commons-io", "2.11", "commons-io"),
        ("asm", "3.3.1", "asm"),
        ("asm", "9.2", "org.ow2.asm"),
        ("hibernate-core", "5.6", "org.hibernate"),
        ("hibernate-core", "6.1", "org.hibernate.orm"),
        ("spring", "1", ""),
        ("unheard-of", "1", ""),
    ],
)
def test_groups_that_are_known(name: str, version: str, group: str) -> None:
    assert known_group(name, version) == group

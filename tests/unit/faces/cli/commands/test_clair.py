"""`vigie clair`: what its scanner starts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clair_server import KEY, ClairServer, clair_server
from tests.plugs.image_samples import SampleImage, file, tar_of, write_tar
from tests.unit.faces.cli.conftest import Call

from vigie.model.plain import plain_reader
from vigie.model.runs import Problem

APK = "P:musl\nV:1.1.22-r3\n"


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAIR_PSK", raising=False)


@pytest.fixture
def clair() -> Iterator[ClairServer]:
    with clair_server() as server:
        yield server


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    sample = SampleImage((tar_of([file("lib/apk/db/installed", APK)]),))
    return write_tar(tmp_path / "shop.tar", sample.saved())


def test_what_was_found_is_told_by_the_exit_code(
    vigie: Call, clair: ClairServer, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("clair", archive, "--report", "r.json", "--url", clair.address)
    monkeypatch.setenv("CLAIR_PSK", KEY)
    assert vigie(*words).code == 0
    assert "CLAIR_PSK" not in os.environ  # no credential helper of ours sees it
    clair.vulnerable["musl"] = ("CVE-1", "2")
    monkeypatch.setenv("CLAIR_PSK", KEY)
    assert vigie(*words).code == 42
    assert json.loads(Path("r.json").read_bytes())["package_vulnerabilities"] == {"1": ["v1"]}
    empty = write_tar(archive.parent / "empty.tar", SampleImage(()).saved())
    monkeypatch.setenv("CLAIR_PSK", KEY)
    assert vigie("clair", empty, *words[2:]).code == 43


def why() -> Problem:
    said = json.loads(Path("r.json").read_bytes())
    (problem,) = said["vigie"]["problems"]
    assert said["package_vulnerabilities"] == {}
    found: Problem = plain_reader(Problem)(problem)
    return found


def test_the_key_may_lie_in_a_file(
    vigie: Call, clair: ClairServer, archive: Path, tmp_path: Path
) -> None:
    words = ("clair", archive, "--report", "r.json", "--url", clair.address)
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert vigie(*words, "--psk-file", tmp_path / "key").code == 0
    assert vigie(*words, "--psk-file", tmp_path / "gone").code == 44
    assert "cannot be read from" in str(why().message)
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    assert vigie(*words, "--psk-file", tmp_path / "key").code == 44
    assert "not ASCII" in str(why().message)


def test_a_report_says_why_there_is_nothing_else_in_it(
    vigie: Call, clair: ClairServer, archive: Path
) -> None:
    words = ("clair", archive, "--report", "r.json", "--url")
    assert vigie(*words, clair.address).code == 44
    assert "It wants a key" in str(why().hint)
    assert vigie(*words, "http://127.0.0.1:9").code == 44
    assert why().message.template == "Clair does not answer at {url}: {why}"


def test_it_needs_an_image_an_address_and_a_place_for_its_report(
    vigie: Call, archive: Path
) -> None:
    done = vigie("clair", archive, "--report", "r.json")
    assert done.code == 2
    assert "vigie scan" in done.err


def test_it_says_what_it_is_without_a_server(vigie: Call) -> None:
    assert json.loads(vigie("clair", "--about").out) == {"clair": "v4"}


def test_no_list_of_commands_shows_it(vigie: Call) -> None:
    assert "clair" not in vigie("--help").out.partition("Commands")[2].split()

"""Advisories that an inventory asks for are fetched when they are missing or old."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.feed_server import FeedServer, Served, feed_server
from tests.unit.services.advisories_made import dump_of, fill, osv

from vigie.model.runs import ProblemCode
from vigie.services.advisories import open_index
from vigie.services.advisory_renewal import renew
from vigie.sources.advisories.addresses import Addresses
from vigie.sources.advisories.download import Manners
from vigie.stores.advisories.building import alone

NOW = "2026-06-01T12:00:00Z"
PATIENCE = Manners(connect=30, silence=30, tries=1, pause=0)
KEV = json.dumps({"vulnerabilities": [{"cveID": "CVE-2026-1"}], "dateReleased": "2026-05-31"})
EPSS = "#score_date:2026-05-31T00:00:00Z\ncve,epss,percentile\nCVE-2026-1,0.5,0.9\n"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        running.files["/kev.json"] = Served(KEV.encode())
        running.files["/epss.csv"] = Served(EPSS.encode())
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "advisories"


def renewed(server: FeedServer, folder: Path, *homes: str, now: str = NOW) -> tuple[str, ...]:
    places = Addresses(server.address, f"{server.address}/kev.json", f"{server.address}/epss.csv")
    problems = renew(homes, now, addresses=places, folder=folder, manners=PATIENCE)
    assert {problem.code for problem in problems} <= {ProblemCode.NOTE}
    return tuple(str(problem.message) for problem in problems)


def loaded(folder: Path) -> dict[str, int]:
    index = open_index(folder)
    if index is None:
        return {}
    with index:
        return dict(index.ecosystems())


def test_what_is_missing_is_fetched_and_nothing_else(server: FeedServer, folder: Path) -> None:
    server.files["/PyPI/all.zip"] = Served(dump_of(osv("PYSEC-1", "PyPI", "django", "4.2.2")))
    assert renewed(server, folder, "PyPI", "conda") == ()
    assert loaded(folder) == {"PyPI": 1}
    assert {path for path, _ in server.asked} == {"/PyPI/all.zip", "/kev.json", "/epss.csv"}
    index = open_index(folder)
    assert index is not None
    with index:
        assert (list(index.kev), list(index.epss)) == (["CVE-2026-1"], ["CVE-2026-1"])


def test_a_release_is_part_of_its_distributions_feed(server: FeedServer, folder: Path) -> None:
    record = osv("DEBIAN-CVE-2026-1", "Debian:12", "openssl", "3.0.12-1")
    server.files["/Debian/all.zip"] = Served(dump_of(record))
    assert renewed(server, folder, "Debian:12") == ()
    assert "Debian:12" in loaded(folder)
    assert renewed(server, folder, "Debian:13") == (), "it is of today and knows nothing of 13"
    assert len(server.requests("/Debian/all.zip")) == 1


def test_what_is_of_today_is_left_alone_and_older_is_asked_for_again(
    server: FeedServer, folder: Path
) -> None:
    server.files["/PyPI/all.zip"] = Served(dump_of(osv("PYSEC-1", "PyPI", "django", "4.2.2")))
    renewed(server, folder, "PyPI")
    renewed(server, folder, "PyPI", now="2026-06-02T11:00:00Z")
    assert len(server.requests("/PyPI/all.zip")) == 1
    renewed(server, folder, "PyPI", now="2026-06-02T13:00:00Z")
    assert len(server.requests("/PyPI/all.zip")) == 2


def test_a_failure_is_a_note_and_what_is_there_stays(
    server: FeedServer, folder: Path, tmp_path: Path
) -> None:
    fill(tmp_path, osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    (said,) = renewed(server, folder, "PyPI")
    assert said.startswith("advisories of PyPI were not brought up to date: ")
    assert loaded(folder) == {"PyPI": 1}


def test_a_database_that_another_process_writes_is_not_waited_for(
    server: FeedServer, folder: Path
) -> None:
    with alone(folder):
        (said,) = renewed(server, folder, "PyPI")
    assert said.startswith("advisories were not brought up to date: ")
    assert server.asked == []


def test_nothing_wanted_asks_for_nothing(server: FeedServer, folder: Path) -> None:
    assert renewed(server, folder) == ()
    assert (server.asked, folder.exists()) == ([], False)

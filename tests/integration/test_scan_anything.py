"""A new user's first scans, with no scanner on the machine: every sort of target answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.feed_server import FeedServer, Served, feed_server
from tests.unit.services.advisories_made import dump_of, osv

KEV = b'{"vulnerabilities": [{"cveID": "CVE-2025-0001"}], "dateReleased": "2026-01-01"}'
EPSS = b"#score_date:2026-01-01T00:00:00Z\ncve,epss,percentile\nCVE-2025-0001,0.9,0.99\n"


@pytest.fixture
def bucket() -> Iterator[FeedServer]:
    with feed_server() as server:
        server.files["/PyPI/all.zip"] = Served(
            dump_of(osv("PYSEC-1", "PyPI", "django", "4.2.2", "CVE-2025-0001"))
        )
        server.files["/Alpine/all.zip"] = Served(
            dump_of(osv("ALPINE-CVE-2025-0002", "Alpine:v3.10", "musl", "1.1.22-r4"))
        )
        server.files["/kev.json"], server.files["/epss.csv"] = Served(KEV), Served(EPSS)
        yield server


class User:
    """Somebody with an empty home and no scanner on the path."""

    def __init__(self, home: Path, bucket: FeedServer) -> None:
        self.home = home
        self.environ: Mapping[str, str] = {
            "HOME": str(home),
            "PATH": str(home / "bin"),
            "VIGIE_DATA": str(home / "data"),
            "LANG": "C.UTF-8",
        }
        (home / ".vigie.toml").write_text(
            f'[advisories]\nosv = "{bucket.address}"\nkev = "{bucket.address}/kev.json"\n'
            f'epss = "{bucket.address}/epss.csv"\n'
        )

    def vigie(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "vigie", *map(str, words)],
            cwd=self.home, env={**self.environ}, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    def result(self, *words: str | Path) -> tuple[int, dict[str, Any]]:
        done = self.vigie("scan", *words, "--format", "json=result.json")
        assert (self.home / "result.json").is_file(), done.stderr
        return done.returncode, json.loads((self.home / "result.json").read_bytes())


@pytest.fixture
def user(tmp_path: Path, bucket: FeedServer) -> User:
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("django==4.2.1\n")
    return User(tmp_path, bucket)


def found(result: dict[str, Any]) -> list[str]:
    return [f["rule"]["id"] for f in result["findings"]]


def test_a_folder_fetches_what_it_asks_for_and_answers(user: User, bucket: FeedServer) -> None:
    code, result = user.result("project")
    assert (code, found(result)) == (0, ["CVE-2025-0001"])
    (run,) = result["runs"]
    assert (run["tool"], run["outcome"]) == ("embedded", "complete")
    assert run["database_date"]
    assert bucket.requests("/PyPI/all.zip")
    assert not bucket.requests("/Alpine/all.zip"), "what the target does not have is not fetched"
    # What was fetched for this very scan already ranks it.
    assert result["findings"][0]["signals"]["kev"] is True
    assert result["findings"][0]["signals"]["epss"] == 0.9


def test_without_a_network_nothing_is_called_safe(user: User, bucket: FeedServer) -> None:
    code, result = user.result("project", "--offline")
    assert (code, found(result)) == (3, [])
    assert result["runs"][0]["outcome"] == "partial"
    assert bucket.asked == []


def test_the_second_scan_asks_nobody(user: User, bucket: FeedServer) -> None:
    user.result("project")
    asked = len(bucket.asked)
    assert found(user.result("project")[1]) == ["CVE-2025-0001"]
    assert len(bucket.asked) == asked


def test_an_sbom_gives_what_its_folder_gives(user: User) -> None:
    for form in ("cyclonedx", "spdx"):
        assert user.vigie("sbom", "project", "--format", f"{form}=bom.json").returncode == 0
        code, result = user.result("bom.json")
        assert (code, found(result)) == (0, ["CVE-2025-0001"])


@pytest.mark.corpus
def test_an_image_archive_is_matched_by_its_distribution(user: User, corpus: Path) -> None:
    code, result = user.result(corpus / "images" / "alpine-310.docker.tar.gz")
    assert code == 0
    assert len(result["components"]) == 14
    assert {f["component"]["name"] for f in result["findings"]} <= {"musl", "musl-utils"}
    assert found(result) == ["CVE-2025-0002"]


def test_a_file_that_is_gone_from_the_bucket_leaves_what_was_there(
    user: User, bucket: FeedServer
) -> None:
    assert user.vigie("db", "update", "PyPI").returncode == 0
    del bucket.files["/PyPI/all.zip"]
    code, result = user.result("project")
    assert (code, found(result)) == (0, ["CVE-2025-0001"])


def test_a_fix_is_written_and_proved(user: User) -> None:
    done = user.vigie("fix", "project", "--write", "--offline")
    assert done.returncode != 0, "nothing is known yet, so nothing is proved"
    user.result("project")
    shown = user.vigie("fix", "project")
    assert "django==4.2.2" in shown.stdout
    assert "4.2.1" in (user.home / "project" / "requirements.txt").read_text()
    done = user.vigie("fix", "project", "--write")
    assert done.returncode == 0, done.stderr
    assert (user.home / "project" / "requirements.txt").read_text() == "django==4.2.2\n"
    assert found(user.result("project")[1]) == []

"""What is said of the first content, line by line, until it is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from vigie.faces.cli.first_content import FirstContent
from vigie.faces.cli.session import Session
from vigie.faces.cli.whole import greet
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.founding import Credentials, found
from vigie.services.platform import Platform
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS, SCANS
from vigie.wiring.platform import opened, prepare_folder
from vigie.wiring.platform_settings import platform_settings
from vigie.wiring.words import words


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.chdir(tmp_path)
    settings = platform_settings({}, data=str(tmp_path / "data"))
    prepare_folder(settings)
    with opened(settings, {}) as built:
        found(built, "ada@example.org", "Home", "en")
        yield built


def job_of(content: FirstContent, platform: Platform) -> jobs.Job:
    with platform.database.read(of_tenant(content.tenant)) as work:
        job = work.run(sa.select(JOBS.c.id).where(work.mine(JOBS))).scalar_one()
    claimed = jobs.claim(platform, WorkItem("scan", content.tenant, job))
    assert claimed is not None
    return claimed


def test_each_step_is_said_once(platform: Platform, capfd: pytest.CaptureFixture[str]) -> None:
    content = FirstContent(Session(), platform)
    content.begin()
    content.tell()
    content.tell()
    job = job_of(content, platform)
    content.tell()
    assert not content.is_in()
    with platform.database.begin(of_tenant(content.tenant)) as work:
        jobs.finish(work, platform, job, {})
        summary = {"seen": 1200, "runs": {"complete": 1, "partial": 1}}
        work.run(sa.update(SCANS).where(work.mine(SCANS)).values(summary=summary))
    content.tell()
    content.tell()
    assert capfd.readouterr().err.splitlines() == [
        "Scan of /: waiting",
        "Scan of /: running",
        "Scan of /: finished",
        "  1,200 findings",
        "  Not everything was looked at. What was not is unknown, not safe.",
        "The first content is in.",
    ]
    assert content.is_in()
    assert content.code == 0


def test_what_failed_says_why_in_the_readers_language(
    platform: Platform, capfd: pytest.CaptureFixture[str]
) -> None:
    content = FirstContent(Session(words=words("fr")), platform)
    content.begin()
    error = UserError(T("{target} does not exist", target="/x"))
    jobs.fail(platform, job_of(content, platform), error, again=False)
    content.tell()
    said = capfd.readouterr().err
    assert "échouée" in said
    assert "/x n'existe pas" in said
    assert content.is_in()
    assert content.code == 3


def test_a_platform_that_has_content_asks_for_none(platform: Platform) -> None:
    FirstContent(Session(), platform).begin()
    again = FirstContent(Session(), platform)
    again.begin()
    assert again.is_in()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_greeting_fits_a_terminal_and_shows_the_password_only_when_it_is_new(
    language: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = platform_settings({}, data="/srv/vigie")
    session = Session(words=words("fr" if language == "fr" else "en"))
    made = Credentials("t", "admin@localhost", "abcd-efgh-jkmn-pqrs-tvwx-yz01")
    greet(session, settings, "http://127.0.0.1:8480", made)
    said = capfd.readouterr().out
    assert made.password in said
    assert "vigie reset-password admin@localhost" in said.replace("\n", " ")
    assert max(map(len, said.splitlines())) <= 80
    greet(session, settings, "http://127.0.0.1:8480", None)
    said = capfd.readouterr().out
    assert "http://127.0.0.1:8480" in said
    assert "reset-password" not in said

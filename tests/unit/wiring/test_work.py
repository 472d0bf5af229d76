"""Every kind of job has its handler, every duty runs, and the first content is asked for once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.services import schedules
from vigie.services.founding import found
from vigie.services.jobs import Job, claim, fail
from vigie.services.platform import Platform, system_caller
from vigie.services.progress import Progress
from vigie.services.submissions import submit_scan
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS, SCANS
from vigie.wiring.platform import opened, prepare_folder
from vigie.wiring.platform_settings import PlatformSettings, platform_settings
from vigie.wiring.work import FIRST_CONTENT, duties, first_scans, handlers, late, starters


@pytest.fixture
def settings(tmp_path: Path) -> PlatformSettings:
    return platform_settings({}, data=str(tmp_path / "data"), offline=True)


@pytest.fixture
def platform(settings: PlatformSettings) -> Iterator[Platform]:
    prepare_folder(settings)
    with opened(settings, {}) as built:
        yield built


@pytest.fixture
def tenant(platform: Platform) -> str:
    made = found(platform, "ada@example.org", "Home", "en")
    assert made is not None
    return made.tenant


def test_every_kind_of_job_has_a_handler_that_is_there(settings: PlatformSettings) -> None:
    assert set(handlers(settings)) >= {"import", "scan", "report", "retention"}
    assert set(starters()) == set(schedules.STARTERS)


def test_what_is_late_is_called_with_what_it_is_given() -> None:
    assert late("operator:add")(2, 3) == 5


def test_every_duty_runs(platform: Platform, tenant: str) -> None:
    names = []
    for duty in duties():
        duty.call(platform)
        names.append(duty.name)
    assert len(set(names)) == len(names)
    assert {"audit-checkpoints", "waivers", "retention"} <= set(names)
    with platform.database.read(of_tenant(tenant)) as work:
        kinds = work.run(sa.select(JOBS.c.kind).where(work.mine(JOBS))).scalars().all()
    assert list(kinds) == ["retention"]


def test_the_first_content_is_asked_for_once(
    platform: Platform, tenant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shop = tmp_path / "examples" / "shop"
    shop.mkdir(parents=True)
    asked = first_scans(platform, tenant)
    assert [target for _, target in asked] == [str(shop), "/"]
    assert first_scans(platform, tenant) == ()


def test_without_the_shop_it_is_this_machine(
    platform: Platform, tenant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [target for _, target in first_scans(platform, tenant)] == ["/"]


def scan_of(platform: Platform, tenant: str, actor: str, target: Path) -> Job:
    with platform.database.begin(of_tenant(tenant)) as work:
        made = submit_scan(
            work, platform, system_caller(actor, tenant), str(target),
            options={"scanners": ["embedded"]},
        )  # fmt: skip
    lease = platform.queue.take(["scan"], 0)
    assert lease is not None
    lease.done()
    job = claim(platform, lease.item)
    assert job is not None
    assert job.id == made["job_id"]
    return job


def test_only_the_first_content_may_look_at_any_folder(
    platform: Platform, settings: PlatformSettings, tenant: str, tmp_path: Path
) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "requirements.txt").write_text("six==1.16.0\n")
    scan = handlers(settings)["scan"]
    refused = scan_of(platform, tenant, "somebody", folder)
    with pytest.raises(UserError, match="may not be scanned") as raised:
        scan(platform, refused, Progress())
    fail(platform, refused, raised.value, again=False)
    scan(platform, scan_of(platform, tenant, FIRST_CONTENT, folder), Progress())
    allowed = platform_settings({"VIGIE_SCAN_FOLDERS": str(folder)}, offline=True)
    job = scan_of(platform, tenant, "somebody", folder)
    handlers(allowed)["scan"](platform, job, Progress())
    with platform.database.read(of_tenant(tenant)) as work:
        query = sa.select(SCANS.c.state).where(work.mine(SCANS)).order_by(SCANS.c.id)
        assert list(work.run(query).scalars()) == ["failed", "done", "done"]

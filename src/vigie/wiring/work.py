"""What the platform does by itself: the kinds of jobs, how schedules start them, its duties.

Named here and imported when they are used: a worker that takes in reports loads no documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vigie.services.jobs import Job
from vigie.services.platform import Caller, Platform, system_caller
from vigie.services.progress import Progress
from vigie.services.scheduler import Duty
from vigie.wiring.platform_settings import PlatformSettings

if TYPE_CHECKING:
    from vigie.services.due_schedules import Starter
    from vigie.services.scan_targets import ScanRules
    from vigie.services.worker import Handler

FIRST_CONTENT = "first content"  # who asks for it; people's and keys' ids are UUIDs
SHOP = "examples/shop"
_SERVICES = "vigie.services"
_HANDLERS = {
    "import": f"{_SERVICES}.imports:run_import",
    "judge": f"{_SERVICES}.judging_anew:run_judge",
    "report": f"{_SERVICES}.reporting:run_report",
    "retention": f"{_SERVICES}.retention.sweeping:run_retention",
}
_STARTERS = {
    "scan": f"{_SERVICES}.schedules:start_scan",
    "report": f"{_SERVICES}.schedules:start_report",
}
_TURNS = 100  # of a duty that does so much at a time, in one go


def handlers(settings: PlatformSettings) -> Mapping[str, Handler]:
    """What does each kind of job."""
    found: dict[str, Handler] = {kind: late(place) for kind, place in _HANDLERS.items()}

    def scan(platform: Platform, job: Job, progress: Progress) -> None:
        from vigie.services.scanning import run_scan  # noqa: PLC0415

        # Whoever runs this machine asked for the first content, by starting it.
        folders = (Path("/"),) if job.actor_id == FIRST_CONTENT else settings.scan_folders
        run_scan(platform, job, progress, replace(scan_rules(settings), folders=folders))

    return {**found, "scan": scan}


def scan_rules(settings: PlatformSettings) -> ScanRules:
    """What people may have scanned, by these settings."""
    from vigie.services.scan_targets import ScanRules  # noqa: PLC0415

    return ScanRules(
        settings.scan_folders, offline=settings.offline, machine_login=settings.scan_machine_login
    )


def starters() -> Mapping[str, Starter]:
    """What makes the job of a schedule, by the schedule's kind."""
    return {kind: late(place) for kind, place in _STARTERS.items()}


def duties() -> Sequence[Duty]:
    """What the leading scheduler does again and again."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    return (
        Duty("signing-keys", hour, late(f"{_SERVICES}.access.stored_keys:renew")),
        Duty("failed-sign-ins", hour, late(f"{_SERVICES}.access.guessing:forget_old")),
        Duty("audit-checkpoints", hour, late(f"{_SERVICES}.audit_checkpoints:sign_all")),
        Duty("waivers", timedelta(minutes=5), _expire_waivers),
        Duty("files", hour, _expire_files),
        Duty("statistics", hour, _look_at_sizes),
        Duty("retention", day, late(f"{_SERVICES}.retention.sweeping:begin")),
        *late(f"{_SERVICES}.telling.duties:duties")(),
    )


def _look_at_sizes(platform: Platform) -> None:
    platform.database.look_at_sizes()


def late(place: str) -> Callable[..., Any]:
    """The function at `module:name`, imported when it is called."""
    module, _, name = place.partition(":")

    def call(*arguments: Any) -> Any:
        return getattr(import_module(module), name)(*arguments)

    return call


def first_scans(platform: Platform, tenant: str) -> Sequence[tuple[str, str]]:
    """Ask for the scans of the first content: each job's id, and what it looks at. None when
    anything was ever scanned here."""
    import sqlalchemy as sa  # noqa: PLC0415

    from vigie.services.submissions import submit_scan  # noqa: PLC0415
    from vigie.stores.relational.scopes import of_tenant  # noqa: PLC0415
    from vigie.stores.relational.tables.operations import SCANS  # noqa: PLC0415

    caller, asked = system_caller(FIRST_CONTENT, tenant), []
    with platform.database.begin(of_tenant(tenant)) as work:
        if work.run(sa.select(SCANS.c.id).where(work.mine(SCANS)).limit(1)).first() is not None:
            return ()
        for target, options in _first_targets():
            made = submit_scan(work, platform, caller, target, options=options)
            asked.append((str(made["job_id"]), target))
    return asked


def _first_targets() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The small shop that comes with the source, where it is there; and this machine, of which
    the engine lists what is installed (a scanner of code would read all of its files)."""
    if (shop := Path(SHOP)).is_dir():
        yield str(shop.absolute()), {"scanners": [], "exposure": "open"}
    yield "/", {"scanners": ["embedded"]}


def _tenants(platform: Platform, name: str) -> Iterator[Caller]:
    """The platform at this duty, in one tenant after the other."""
    from vigie.services.audit import chains  # noqa: PLC0415

    for scope in chains(platform.database):
        if scope.tenant:
            yield system_caller(name, scope.tenant)


def _expire_waivers(platform: Platform) -> None:
    from vigie.services.triage import expire  # noqa: PLC0415

    for caller in _tenants(platform, "waivers"):
        _in_turns(lambda c=caller: expire(platform, c))  # type: ignore[misc]


def _expire_files(platform: Platform) -> None:
    from vigie.services.files import expire  # noqa: PLC0415

    for caller in _tenants(platform, "files"):
        _in_turns(lambda c=caller: expire(platform, c.scope))  # type: ignore[misc]


def _in_turns(call: Callable[[], int]) -> None:
    """So long as it does something, and not for ever."""
    for _ in range(_TURNS):
        if not call():
            return

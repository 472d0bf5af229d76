"""`vigie worker`: works off the jobs of a platform, in one process or several."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import (
    data_option,
    log_to_stderr,
    settings_of,
    until_stopped,
    worker_command,
)
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.errors import UserError
from vigie.model.text import T

if TYPE_CHECKING:
    from vigie.wiring.platform_settings import PlatformSettings

GRACE = 30.0
_LOOK = 1.0  # seconds between two looks at the children


@command(
    "worker",
    T(
        "Work off the jobs of a platform: imports, scans, reports, deliveries. Start as many as "
        "there is work for, on as many machines; each process does one job at a time. SIGTERM "
        "ends it after that, and a job that takes too long is handed back."
    ),
    Example("vigie worker", T("One process, on the engines that the environment names")),
    Example("vigie worker --workers 4", T("Four processes, begun again when they end")),
)
@data_option
@option("--workers", metavar="COUNT", say=T("So many processes (1)."))
@option("--grace", metavar="SECONDS",
        say=T("How long the current job may go on when it is stopped (30)."))  # fmt: skip
@common_options
def COMMAND(  # noqa: N802
    session: Session, data: str | None, workers: str | None, grace: str | None
) -> int:
    settings = settings_of(session, data=data, workers=workers or "1")
    patience = _seconds(grace)
    if settings.workers > 1:
        return _several(session, settings, patience)
    return _one(session, settings, patience)


def _one(session: Session, settings: PlatformSettings, grace: float) -> int:
    from vigie.services.worker import Worker  # noqa: PLC0415
    from vigie.wiring.platform import opened  # noqa: PLC0415
    from vigie.wiring.processes import follow_parent  # noqa: PLC0415
    from vigie.wiring.telemetry import observed  # noqa: PLC0415
    from vigie.wiring.work import handlers  # noqa: PLC0415

    follow_parent(session.environ)
    # Scanners and the engine, which are processes of their own, look there too.
    os.environ["VIGIE_DATA"] = str(settings.data)
    with (
        opened(settings, session.environ, log_to_stderr(session)) as platform,
        observed(session.environ, "worker", platform),
    ):
        worker = Worker(platform, handlers(settings), grace=grace)
        with until_stopped(worker.stop):
            worker.run()
    return ExitCode.FINE


def _several(session: Session, settings: PlatformSettings, grace: float) -> int:
    from vigie.wiring.processes import Children  # noqa: PLC0415
    from vigie.wiring.telemetry import counting_together, observed  # noqa: PLC0415

    log_to_stderr(session)
    arguments = worker_command(session, settings, grace)
    children = Children(arguments, settings.workers, session.environ)
    with (
        counting_together(),
        observed(session.environ, "worker"),
        until_stopped() as stopped,
    ):
        children.start()
        try:
            while not stopped.wait(_LOOK):
                children.watch()
        finally:
            children.stop(grace + _LOOK)
    return ExitCode.FINE


def _seconds(text: str | None) -> float:
    try:
        seconds = GRACE if text is None else float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise UserError(
            T("--grace cannot be {value!r}", value=text),
            T("Give seconds, from 0 to 86400."),
        )
    return seconds

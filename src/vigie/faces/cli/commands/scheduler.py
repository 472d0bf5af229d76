"""`vigie scheduler`: starts what is due; of several, one at a time leads."""

from __future__ import annotations

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import data_option, log_to_stderr, settings_of, until_stopped
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.text import T


@command(
    "scheduler",
    T(
        "Start what is due on a platform: schedules, retention, waivers that expire, checkpoints "
        "of the audit log; send what is to be told; and announce jobs again whose announcement "
        "was lost. Several may run: one at a time leads, and another takes over within half a "
        "minute."
    ),
    Example("vigie scheduler", T("On the engines that the environment names")),
)
@data_option
@common_options
def COMMAND(session: Session, data: str | None) -> int:  # noqa: N802
    settings = settings_of(session, data=data)
    from vigie.services.scheduler import Scheduler  # noqa: PLC0415
    from vigie.services.telling.rounds import Rounds  # noqa: PLC0415
    from vigie.wiring.platform import opened  # noqa: PLC0415
    from vigie.wiring.telemetry import observed  # noqa: PLC0415
    from vigie.wiring.work import duties, starters  # noqa: PLC0415

    with (
        opened(settings, session.environ, log_to_stderr(session)) as platform,
        observed(session.environ, "scheduler", platform),
    ):
        scheduler, rounds = Scheduler(platform, duties(), starters()), Rounds(platform)
        rounds.start()
        try:
            with until_stopped(scheduler.stop):
                scheduler.run()
        finally:
            rounds.stop()
    return ExitCode.FINE

"""`vigie up`: the whole platform on one folder, until somebody stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import data_option, listen_options, settings_of
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.text import T

if TYPE_CHECKING:
    from vigie.wiring.platform_settings import PlatformSettings

ADMINISTRATOR = "admin@localhost"


@command(
    "up",
    T(
        "Start the whole platform on one folder: the API, workers and the scheduler. The first "
        "start makes an administrator, whose password is shown once, and scans examples/shop and "
        "this machine. Ctrl-C stops it; the next start carries on where it was."
    ),
    Example("vigie up", T("On the usual folder, at 127.0.0.1:8480")),
    Example("vigie up --data demo --listen 127.0.0.1:0", T("On a folder and a port of its own")),
    Example("vigie up --once", T("In a pipeline: end when the first content is in")),
)
@data_option
@listen_options
@option("--workers", metavar="COUNT",
        say=T("Worker processes; without it, one processor is left to the API."))  # fmt: skip
@option("--admin", metavar="EMAIL",
        say=T("Who the first administrator is (admin@localhost)."))  # fmt: skip
@option("--no-first-scan", is_flag=True, say=T("Scan nothing by itself."))
@option("--once", is_flag=True, say=T("End when the first content is in."))
@common_options
def COMMAND(  # noqa: N802
    session: Session,
    data: str | None,
    listen: str | None,
    workers: str | None,
    admin: str | None,
    no_first_scan: bool,
    once: bool,
) -> int:
    settings = settings_of(session, data=data, listen=listen, workers=workers)
    from vigie.wiring.processes import alone  # noqa: PLC0415
    from vigie.wiring.telemetry import counting_together  # noqa: PLC0415

    with alone(settings.data), counting_together(settings.data / "metrics"):
        return _up(session, settings, admin or ADMINISTRATOR, not no_first_scan, once)


def _up(
    session: Session, settings: PlatformSettings, admin: str, first_scan: bool, once: bool
) -> int:
    from vigie.faces.cli.first_content import FirstContent  # noqa: PLC0415
    from vigie.faces.cli.running import log_to_stderr  # noqa: PLC0415
    from vigie.faces.cli.whole import Whole, greet  # noqa: PLC0415
    from vigie.faces.server.serving import listen as take_address  # noqa: PLC0415
    from vigie.services.founding import found  # noqa: PLC0415
    from vigie.wiring.platform import opened, prepare_folder  # noqa: PLC0415
    from vigie.wiring.telemetry import observed  # noqa: PLC0415

    redactor = log_to_stderr(session)
    with take_address(settings.listen.host, settings.listen.port) as listener:
        if settings.embedded:
            prepare_folder(settings)
        with (
            opened(settings, session.environ, redactor) as platform,
            observed(session.environ, "up", platform),
        ):
            content = FirstContent(session, platform)
            whole = Whole(session, settings, platform, listener)
            with whole.started() as stopped:
                # Once all of it runs: a password of a start that failed would be seen by nobody.
                made = found(platform, admin, session.words(T("Home")), session.words.lang)
                greet(session, settings, whole.address, made)
                if first_scan:
                    content.begin()
                whole.watch(stopped, content, once=once)
            if not stopped.is_set() and not content.is_in():
                return ExitCode.BUG  # the API ended by itself; the log says why
            session.note(T("Vigie has stopped; the next start carries on."))
    return content.code if once else ExitCode.FINE

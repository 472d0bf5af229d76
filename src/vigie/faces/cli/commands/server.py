"""`vigie server`: serves the API of a platform whose workers run elsewhere."""

from __future__ import annotations

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import (
    data_option,
    listen_options,
    log_to_stderr,
    settings_of,
    until_stopped,
)
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command
from vigie.model.text import T

_LOOK = 1.0


@command(
    "server",
    T(
        "Serve the API of a platform. Start as many as there are people to answer; `vigie worker` "
        "and `vigie scheduler` do the work. VIGIE_DATABASE_URL, VIGIE_QUEUE_URL and "
        "VIGIE_CACHE_URL name the engines that all of them share."
    ),
    Example("vigie server --listen 0.0.0.0:8480", T("On every address of this machine")),
)
@data_option
@listen_options
@common_options
def COMMAND(session: Session, data: str | None, listen: str | None) -> int:  # noqa: N802
    settings = settings_of(session, data=data, listen=listen)
    from vigie.faces.server.serving import listen as take_address  # noqa: PLC0415
    from vigie.faces.server.start import serving_of  # noqa: PLC0415
    from vigie.services.founding import is_founded  # noqa: PLC0415
    from vigie.wiring.platform import opened  # noqa: PLC0415
    from vigie.wiring.telemetry import observed  # noqa: PLC0415

    with (
        take_address(settings.listen.host, settings.listen.port) as listener,
        opened(settings, session.environ, log_to_stderr(session)) as platform,
        observed(session.environ, "server", platform),
    ):
        serving = serving_of(platform, settings, listener)
        with until_stopped() as stopped:
            serving.start()
            session.note(T("Vigie answers at {address}", address=serving.address))
            if not is_founded(platform):
                session.note(
                    T("Nobody can sign in yet: `vigie reset-password EMAIL` makes the first "
                      "administrator.")
                )  # fmt: skip
            try:
                while serving.alive and not stopped.wait(_LOOK):
                    pass
            finally:
                serving.stop()
    return ExitCode.FINE if stopped.is_set() else ExitCode.BUG

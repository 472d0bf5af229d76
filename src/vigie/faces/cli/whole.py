"""API, workers and scheduler together, from their start to their end, and what is said of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from vigie.faces.cli.first_content import FirstContent
from vigie.faces.cli.running import until_stopped, worker_command
from vigie.faces.cli.session import Session
from vigie.faces.server.start import serving_of
from vigie.model.text import T
from vigie.services.announcing import take_up
from vigie.services.founding import Credentials
from vigie.services.platform import Platform
from vigie.services.scheduler import Scheduler
from vigie.services.telling.rounds import Rounds
from vigie.wiring.platform_settings import PlatformSettings
from vigie.wiring.processes import Children
from vigie.wiring.work import duties, starters

_WIDTH = 79
_LOOK = 0.5  # seconds between two looks at what runs
_GRACE = 5.0  # seconds that jobs get; what takes longer is taken up at the next start


class Whole:
    """The parts of one platform on this machine.

    Workers are processes: a scan or a large import would hold up the API in its own
    (docs/decisions/0014).
    """

    def __init__(
        self,
        session: Session,
        settings: PlatformSettings,
        platform: Platform,
        listener: socket.socket,
    ) -> None:
        self.settings = settings
        self.platform = platform
        self.serving = serving_of(platform, settings, listener)
        self.address = self.serving.address
        self.scheduler = Scheduler(platform, duties(), starters())
        self.rounds = Rounds(platform)
        self.children = Children(
            worker_command(session, settings, _GRACE), settings.worker_count, session.environ
        )

    @contextmanager
    def started(self) -> Iterator[threading.Event]:
        """All of it runs inside; the event says that somebody wants it to stop."""
        with until_stopped() as stopped:
            if self.settings.embedded:
                take_up(self.platform)  # nobody else can be at it: the folder is ours alone
            scheduling = threading.Thread(target=self.scheduler.run, name="scheduler", daemon=True)
            self.serving.start()
            try:
                self.children.start()
                scheduling.start()
                self.rounds.start()
                yield stopped
            finally:
                self.scheduler.stop()
                self.children.stop(_GRACE * 2)
                self.rounds.stop(_GRACE)
                self.serving.stop()
                if scheduling.ident is not None:
                    scheduling.join(_GRACE)

    def watch(self, stopped: threading.Event, content: FirstContent, *, once: bool) -> None:
        """Until somebody stops it, the API ends, or, for `once`, the first content is in."""
        while self.serving.alive and not stopped.wait(_LOOK):
            self.children.watch()
            content.tell()
            if once and content.is_in():
                return


def greet(
    session: Session, settings: PlatformSettings, address: str, made: Credentials | None
) -> None:
    """Where it is, how to get in, and what comes next; at most 80 columns."""
    rows = [(T("Address"), address)]
    if made is not None:
        rows += [(T("Sign in as"), made.email), (T("Password"), made.password)]
    rows.append((T("Folder"), str(settings.data)))
    names = [session.said(name) for name, _ in rows]
    width = max(map(len, names)) + 2
    click.echo(session.said(T("Vigie is up.")) + "\n")
    for name, (_, value) in zip(names, rows, strict=True):
        click.echo(f"  {name:<{width}}{value}")
    click.echo()
    if made is not None:
        said = session.said(
            T("The password is shown this once: keep it. If it is lost, `vigie reset-password "
              "{email}` makes another.", email=made.email)
        )  # fmt: skip
        click.echo(click.wrap_text(said, _WIDTH))
    click.echo(session.said(T("The API describes itself at {address}/api/v1/openapi.json",
                              address=address)))  # fmt: skip
    click.echo(session.said(T("Ctrl-C stops it; the next start carries on.")))

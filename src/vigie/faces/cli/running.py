"""What the commands share that run until somebody stops them."""

from __future__ import annotations

import gc
import importlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from vigie.faces.cli.options import Function
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import option
from vigie.model.errors import UserError
from vigie.model.text import T

if TYPE_CHECKING:
    from vigie.services.redaction import Redactor
    from vigie.wiring.platform_settings import PlatformSettings

# Of the extra `server`; each stands for what is missing with it.
_NEEDED = ("sqlalchemy", "alembic", "fastapi", "uvicorn", "argon2", "cronsim")

data_option = option(
    "--data",
    metavar="DIR",
    say=T("Vigie's data folder, in which everything lies; VIGIE_DATA names it too."),
)


def listen_options(function: Function) -> Function:
    """Where the server listens."""
    return option(
        "--listen",
        metavar="HOST:PORT",
        say=T("Listen there (127.0.0.1:8480); port 0 is any that is free."),
    )(function)


def settings_of(session: Session, **typed: Any) -> PlatformSettings:
    """The platform's settings for this call. Raises UserError when its libraries are missing."""
    general = session.settings()  # from here on in the language that is set
    for name in _NEEDED:
        try:
            importlib.import_module(name)
        except ImportError:
            raise UserError(
                T("the platform needs libraries that are not installed: {name}", name=name),
                "pip install 'vigie[server]'",
            ) from None
    from vigie.wiring.platform_settings import platform_settings  # noqa: PLC0415

    return platform_settings(session.environ, offline=general.scan.offline, **typed)


def worker_command(session: Session, settings: PlatformSettings, grace: float) -> list[str]:
    """The command of one worker process of this platform. Addresses of engines go through the
    environment: a list of processes shows them to nobody."""
    said = ["-q"] if session.verbosity < 0 else ["-v"] * session.verbosity
    spoken = ["--lang", session.words.lang]
    return [
        sys.executable, "-m", "vigie", "worker", "--data", str(settings.data),
        "--grace", str(grace), *spoken, *said,
    ]  # fmt: skip


def log_to_stderr(session: Session) -> Redactor:
    """Logs from here on: what is done where nobody looks on, on a terminal only what fails.
    Hands back what knows the secrets that were used."""
    from vigie.services.redaction import Redactor  # noqa: PLC0415
    from vigie.wiring.logging import configure_logging, forward_logging  # noqa: PLC0415

    redactor = Redactor()
    verbosity = session.verbosity
    if verbosity == 0 and not sys.stderr.isatty():
        verbosity = 1
    configure_logging(verbosity, masks=[redactor])
    forward_logging(verbosity)
    return redactor


@contextmanager
def until_stopped(
    also: Callable[[], object] | None = None,
) -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C, SIGTERM or a terminal that closes; calls `also` then. The
    second time it is KeyboardInterrupt: whoever does not want to wait need not."""
    gc.enable()  # the command line does without; what runs for weeks does not
    gc.freeze()  # what is there by now stays: it is not looked through again and again
    gc.set_threshold(20_000, 20, 50)  # a page of a list is twenty thousand objects
    stopped = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        if also is not None:
            also()

    before: dict[signal.Signals, Any] = {}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup's stays
            before[number] = signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

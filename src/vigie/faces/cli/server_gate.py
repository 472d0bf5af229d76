"""`vigie gate --server`: what is judged is sent first, and the server's policy decides."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from vigie.client import Upload
from vigie.faces.cli.inputs import read_inputs, readers
from vigie.faces.cli.scanning import scan_targets
from vigie.faces.cli.server import (
    client_of,
    labels_of,
    patience_of,
    show_ruling,
    upload_of,
    uploads_of,
)
from vigie.faces.cli.session import Session
from vigie.faces.cli.warnings import warn_of
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services import pushing
from vigie.services.arguments import Given, sort_out
from vigie.wiring.plugs import REPORTS, Plugs
from vigie.wiring.settings import Settings

# What bears on the answer here lies on the server: what it knows, what people decided there.
_NOT_HERE = ("format", "baseline", "kev", "epss", "vex", "suppress", "corrections")


def gate_of_server(
    session: Session,
    subjects: tuple[str, ...],
    typed: Mapping[str, Any],
    asset: str | None,
    patience: float | None,
) -> int:
    """The exit code of the server's verdict. Raises SourceError when nobody can say yes."""
    _refuse_what_the_server_decides(typed)
    given = sort_out(subjects, readers(Plugs(REPORTS)))
    policy = typed["policy"] or ""
    settings = session.settings(**{**typed, "policy": None})
    with ExitStack() as stack:
        client = stack.enter_context(client_of(settings, session))  # before a scan for nothing
        uploads = uploads_of(subjects)
        if given is Given.TARGETS:
            uploads = [stack.enter_context(_scanned(subjects, settings, session))]
        sent = pushing.push(client, uploads, labels_of(settings, asset), session.note)
        taken = pushing.wait(client, sent, session.note, patience=patience_of(patience))
        return show_ruling(pushing.judge(client, taken, policy), session)


def _scanned(
    subjects: tuple[str, ...], settings: Settings, session: Session
) -> AbstractContextManager[Upload]:
    inputs = read_inputs(settings, session, target=", ".join(subjects))
    result = scan_targets(subjects, settings, inputs, session)
    warn_of(result, session)
    return upload_of(result, session)


def _refuse_what_the_server_decides(typed: Mapping[str, Any]) -> None:
    names = tuple(f"--{name}" for name in _NOT_HERE if typed.get(name) not in (None, ()))
    if names:
        raise UserError(
            T("the server's gate takes no {names}", names=names),
            T("It judges by what it knows and by what was decided there."),
        )

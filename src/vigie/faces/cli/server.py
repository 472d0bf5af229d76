"""What the commands that speak to a Vigie server share: its options, its client, its rulings."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import vigie
from vigie.client import Client, Upload, key_of
from vigie.faces.cli.rulings import lines_of
from vigie.faces.cli.session import Session
from vigie.faces.cli.verdict import code_of_gate
from vigie.model.assets import Criticality, Exposure
from vigie.model.errors import UserError
from vigie.model.printable import clean
from vigie.model.results import Result
from vigie.model.text import T
from vigie.ports.outlets import View
from vigie.services.pushing import PATIENCE, Judged, Labels
from vigie.services.results import write_parts
from vigie.wiring.plugs import OUTLETS, Plugs
from vigie.wiring.settings import Settings


@contextmanager
def client_of(settings: Settings, session: Session) -> Iterator[Client]:
    """The server that the settings name, by the key of the environment. Raises UserError."""
    if not settings.server:
        raise UserError(
            T("no server is named"), T("Give --server URL, or put it into VIGIE_SERVER.")
        )
    key = key_of(session.environ)
    with Client(settings.server, key, language=session.words.lang) as client:
        yield client


def patience_of(typed: float | None) -> float:
    """Seconds."""
    return PATIENCE if typed is None else typed


def labels_of(settings: Settings, asset: str | None, **more: Any) -> Labels:
    """What the settings and the command line say of what is sent."""
    exposure, criticality = Exposure(settings.exposure), Criticality(settings.criticality)
    return Labels(asset or "", exposure=exposure, criticality=criticality, **more)


def uploads_of(names: Sequence[str]) -> list[Upload]:
    """The files to send, by their own names."""
    return [Upload(Path(name)) for name in names]


@contextmanager
def upload_of(result: Result, session: Session) -> Iterator[Upload]:
    """A result as a file to send, gone afterwards: it may be too large for the memory."""
    outlet = Plugs(OUTLETS).need("json")
    view = View(words=session.words, width=100, colour=False, version=vigie.__version__)
    with tempfile.TemporaryDirectory(prefix="vigie-") as folder:
        (file,) = write_parts(outlet.render(result, view), Path(folder) / "result.json")
        yield Upload(file, "result.json", "application/json")


def show_ruling(judged: Judged, session: Session) -> int:
    """Print what the server's gate says as the local one does; its exit code."""
    result = Result("", "", gate=judged.gate)
    click.echo(clean("\n".join(lines_of(result, session.words, judged.version))))
    return code_of_gate(result)

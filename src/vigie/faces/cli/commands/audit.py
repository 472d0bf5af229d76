"""`vigie audit`: proves that the audit log is whole, and hands it to others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.running import data_option, log_to_stderr, settings_of, until_stopped
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T

if TYPE_CHECKING:
    from vigie.services.platform import Platform

ACTIONS = ("verify", "export", "checkpoint")
_OF_ACTION = {
    "verify": {"checkpoint"},
    "export": {"syslog", "follow", "to", "position", "ca"},
    "checkpoint": {"to_file"},
}
_SHOWN = {"to_file": "--append"}


@command(
    "audit",
    T(
        "Prove that nobody changed the audit log of a platform, and hand it to other systems. "
        "`verify` walks every chain from its first entry and meets its head and checkpoints: "
        "exit code 0 whole, 1 tampered with, 3 it could not be checked. `checkpoint` signs where "
        "the log stands: keep that elsewhere, for only such a copy shows that a whole database "
        "was put back."
    ),
    Example("vigie audit verify", T("The log of every tenant, and of the platform itself")),
    Example("vigie audit verify --checkpoint kept.jsonl", T("And against a copy kept elsewhere")),
    Example("vigie audit checkpoint --append kept.jsonl", T("Sign it now")),
    Example("vigie audit export --tenant home", T("One JSON object a line")),
    Example(
        "vigie audit export --follow --to tls://siem.example:6514 --position siem.json",
        T("As syslog (RFC 5424) to another system, for as long as this runs"),
    ),
)
@click.argument("action", metavar="[verify|export|checkpoint]", default="verify")
@data_option
@option(
    "--tenant",
    metavar="NAME",
    say=T("Only this tenant's log, by short name or id; `platform` is the platform's own."),
)
@option("--checkpoint", metavar="FILE", multiple=True,
        say=T("verify: Meet these checkpoints too; repeatable."))  # fmt: skip
@option("--append", "to_file", metavar="FILE",
        say=T("checkpoint: Append to FILE instead of standard output."))  # fmt: skip
@option("--syslog", is_flag=True, say=T("export: As RFC 5424 messages, not as JSON lines."))
@option("--to", metavar="URL", say=T("export: Ship to tcp://HOST:PORT or tls://HOST:PORT."))
@option("--ca", metavar="FILE", say=T("export: Trust these certificates (PEM) for tls://."))
@option(
    "--position",
    metavar="FILE",
    say=T("export: Remember there how far it came; the next time goes on from it."),
)
@option("--follow", is_flag=True, say=T("export: Go on with what is added, until Ctrl-C."))
@common_options
def COMMAND(  # noqa: N802
    session: Session, action: str, data: str | None, tenant: str | None, **given: Any
) -> int:
    act = _checked(action, given)
    settings = settings_of(session, data=data)
    with _opened(session, settings) as platform:
        return act(session, platform, tenant or "", given)


def _checked(action: str, given: dict[str, Any]) -> Callable[..., int]:
    if action not in ACTIONS:
        raise UserError(
            T("there is nothing called {name!r} to do with the audit log", name=action),
            T("Choose from: {names}", names=ACTIONS),
        )
    for name, value in given.items():
        if value and name not in _OF_ACTION[action]:
            option_name = _SHOWN.get(name, f"--{name}")
            owner = next(a for a in ACTIONS if name in _OF_ACTION[a])
            raise UserError(
                T("{option} belongs to `vigie audit {action}`", option=option_name, action=owner),
                T("`{command} --help` shows how it is used.", command="vigie audit"),
            )
    if bool(given["to"]) != bool(given["position"]):
        raise UserError(
            T("shipping takes --to and --position"),
            T("Without the position, nobody would know where to go on."),
        )
    if given["follow"] and not given["to"]:
        raise UserError(T("--follow ships the log: it takes --to"))
    return {"verify": _verify, "export": _export, "checkpoint": _checkpoint}[action]


@contextmanager
def _opened(session: Session, settings: Any) -> Iterator[Platform]:
    """The platform. Whatever keeps it from being opened or read means: it was not checked."""
    import sqlalchemy as sa  # noqa: PLC0415

    from vigie.wiring.platform import opened  # noqa: PLC0415

    redactor = log_to_stderr(session)
    entered = False
    try:
        with opened(settings, session.environ, redactor) as platform:
            entered = True
            yield platform
    except UserError as error:
        if entered:
            raise
        raise SourceError(error.message, error.hint) from error
    except sa.exc.DatabaseError as error:
        raise SourceError(
            T("the database cannot be read: {why}", why=type(error.orig).__name__),
            T("It may be damaged: see to its disk, and compare it with a backup."),
        ) from None


def _verify(session: Session, platform: Platform, tenant: str, given: dict[str, Any]) -> int:
    from vigie.services.audit import chain_name  # noqa: PLC0415
    from vigie.services.audit_checkpoints import read, scopes_of, verify_all  # noqa: PLC0415

    kept = [one for name in given["checkpoint"] for one in read(Path(name))]
    verdicts = verify_all(platform, scopes_of(platform, tenant), kept)
    for verdict in verdicts:
        name = chain_name(verdict.chain)
        if verdict.whole:
            click.echo(session.said(T(
                "{name}: whole, {entries} entries, {checkpoints} checkpoints", name=name,
                entries=verdict.entries, checkpoints=verdict.checkpoints)))  # fmt: skip
            continue
        click.echo(session.said(T("{name}: NOT whole", name=name)))
        for problem in verdict.problems:
            click.echo(f"  {session.said(problem)}")
    return ExitCode.FINE if all(verdict.whole for verdict in verdicts) else ExitCode.REFUSED


def _checkpoint(session: Session, platform: Platform, tenant: str, given: dict[str, Any]) -> int:
    import msgspec  # noqa: PLC0415

    from vigie.services.audit_checkpoints import append, scopes_of, sign_all  # noqa: PLC0415

    signed = sign_all(platform, scopes_of(platform, tenant))
    for one in signed:
        if given["to_file"]:
            append(Path(given["to_file"]), one)
        else:
            click.echo(msgspec.json.encode(one))
    if not signed:
        session.note(T("nothing was added to the log since it was signed the last time"))
    return ExitCode.FINE


def _export(_session: Session, platform: Platform, tenant: str, given: dict[str, Any]) -> int:
    from vigie.services.audit_checkpoints import scopes_of  # noqa: PLC0415

    scopes = scopes_of(platform, tenant)
    _say_so(platform, scopes, given["to"] or "")
    if given["to"]:
        return _ship(platform, tenant, given)
    from vigie.services.audit import entries  # noqa: PLC0415
    from vigie.services.audit_shipping import json_line, syslog_message  # noqa: PLC0415

    if given["syslog"]:
        import socket  # noqa: PLC0415

        host = socket.gethostname()
        line: Callable[[Any], bytes] = lambda row: syslog_message(row, host) + b"\n"  # noqa: E731
    else:
        line = json_line
    for scope in scopes:
        for row in entries(platform.database, scope):
            sys.stdout.buffer.write(line(row))
    sys.stdout.buffer.flush()
    return ExitCode.FINE


def _ship(platform: Platform, tenant: str, given: dict[str, Any]) -> int:
    from vigie.services.audit_following import (  # noqa: PLC0415
        Position,
        follow,
        receiver_of,
        ship_once,
    )

    receiver = receiver_of(given["to"], Path(given["ca"]) if given["ca"] else None)
    position = Position(Path(given["position"]))
    if not given["follow"]:
        ship_once(platform, receiver, position, tenant)
        return ExitCode.FINE
    with until_stopped() as stopped:
        follow(platform, receiver, position, stopped, tenant)
    return ExitCode.FINE


def _say_so(platform: Platform, scopes: Sequence[Any], to: str) -> None:
    """Who takes the log out is in it."""
    from vigie.stores.relational.audit_chain import Entry  # noqa: PLC0415

    for scope in scopes:
        with platform.database.begin(scope) as work:
            work.audit(Entry("audit.export", actor="command line", subject_kind="audit",
                             detail={"to": to}))  # fmt: skip

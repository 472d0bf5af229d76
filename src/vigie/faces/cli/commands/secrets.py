"""`vigie secrets`: puts secrets into the sealed store of a data folder, and never shows one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.options import common_options
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.errors import UserError
from vigie.model.printable import clean
from vigie.model.text import T
from vigie.ports.secrets import LARGEST, Home, SecretInfo, SecretRef, SecretValue, check_tenant
from vigie.sources.data_folder import data_folder

ACTIONS = ("list", "set", "remove", "rotate-master")
FORMATS = ("table", "json")
TARGETS = ("file", "passphrase")
# Which options each action takes besides those of every command.
_OF_ACTION = {
    "list": {"tenant", "format"},
    "set": {"tenant"},
    "remove": {"tenant", "version"},
    "rotate-master": {"to", "new_key"},
}


@command(
    "secrets",
    T(
        "Keep secrets sealed in the data folder. Settings name them as secret://NAME, and no "
        "command, log or report ever shows one. `set` asks for the value or reads it from "
        "standard input; `list` shows names; `rotate-master` seals everything under a new "
        "master key."
    ),
    Example("vigie secrets set slack-token", T("Type a value that is not shown")),
    Example("vigie secrets set tls-key < key.pem", T("Take it from a file")),
    Example("vigie secrets list", T("Names, versions and where each comes from")),
    Example("vigie secrets remove slack-token", T("Forget every version")),
    Example("vigie secrets rotate-master", T("Make a new master key and seal with it")),
)
@click.argument("action", metavar="[list|set|remove|rotate-master]", default="list")
@click.argument("names", metavar="[NAME]", nargs=-1)
@option("--data", metavar="DIR", say=T("The platform's data folder (VIGIE_DATA)."))
@option("--tenant", metavar="ID", say=T("Whose secret it is; without it, the platform's own."))
@option("--version", metavar="N", type=int, say=T("remove: Forget only this version."))
@option("--to", metavar="KIND", names=lambda: TARGETS,
        say=T("rotate-master: Seal under a new key in a file, or under a passphrase."))  # fmt: skip
@option("--new-key", metavar="FILE",
        say=T("rotate-master: Seal under the key in FILE, made when there is none."))  # fmt: skip
@option("--format", metavar="F", names=lambda: FORMATS, say=T("list: Print table or json."))
@common_options
def COMMAND(  # noqa: N802
    session: Session, action: str, names: tuple[str, ...], data: str | None, **typed: Any
) -> int:
    session.settings()  # speaks its language from here on
    if action not in ACTIONS:
        raise UserError(
            T("vigie secrets cannot {action!r}", action=action),
            T("Choose from: {names}", names=ACTIONS),
        )
    for name, value in typed.items():
        if value is not None and name not in _OF_ACTION[action]:
            raise UserError(
                T("{name} says nothing to vigie secrets {action}",
                  name="--" + name.replace("_", "-"), action=action),
                T("`{command} --help` shows how it is used.", command="vigie secrets"),
            )  # fmt: skip
    _check_names(action, names)
    check_tenant(typed["tenant"] or "")
    folder = Path(data).expanduser().absolute() if data else data_folder(session.environ)
    return _DO[action](session, Home(folder, session.environ), "".join(names), typed)


def _check_names(action: str, names: tuple[str, ...]) -> None:
    """Raises UserError that repeats none of them: one may be the value of a secret."""
    if action in ("list", "rotate-master"):
        if names:
            raise UserError(
                T("vigie secrets {action} takes no name", action=action),
                T("`{command} --help` shows how it is used.", command="vigie secrets"),
            )
    elif len(names) > 1 and action == "set":
        raise UserError(
            T("a secret's value is never given on the command line"),
            T("Others on this machine can see it there, and your shell keeps it: change that "
              "secret. Type the new one when asked, or give it on standard input."),
        )  # fmt: skip
    elif len(names) != 1:
        raise UserError(
            T("vigie secrets {action} needs one name", action=action),
            T("`{command} --help` shows how it is used.", command="vigie secrets"),
        )


def _list(session: Session, home: Home, _: str, typed: dict[str, Any]) -> int:
    from vigie.wiring.secrets import secrets_of  # noqa: PLC0415

    form = typed["format"] or FORMATS[0]
    if form not in FORMATS:
        raise UserError(
            T("vigie secrets list is not written as {name}", name=form),
            T("Choose from: {names}", names=FORMATS),
        )
    found = secrets_of(home.folder, home.environ).list(typed["tenant"] or "")
    if form == "json":
        click.echo(json.dumps([asdict(info) for info in found], indent=2))
    elif found:
        _table(session, found)
    else:
        session.note(T("no secrets yet"))
    return ExitCode.FINE


def _table(session: Session, found: tuple[SecretInfo, ...]) -> None:
    heads = (T("Name of the secret"), T("Its version"), T("Set on"), T("Kept in"))
    rows = [tuple(session.said(head) for head in heads)]
    for info in found:
        rows.append((info.name, str(info.version or "-"), info.created or "-", info.backend))
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(clean(line.rstrip()))


def _set(session: Session, home: Home, name: str, typed: dict[str, Any]) -> int:
    from vigie.wiring.secrets import secrets_of  # noqa: PLC0415

    tenant = typed["tenant"] or ""
    SecretRef(name, tenant)  # before anybody types a secret for nothing
    value = _asked(session, T("Value of {name}", name=name))
    info = secrets_of(home.folder, home.environ).put(name, value, tenant)
    session.note(
        T("sealed as secret://{name}, version {version}", name=info.name, version=info.version)
    )
    return ExitCode.FINE


def _remove(session: Session, home: Home, name: str, typed: dict[str, Any]) -> int:
    from vigie.wiring.secrets import secrets_of  # noqa: PLC0415

    secrets = secrets_of(home.folder, home.environ)
    if not secrets.remove(name, typed["tenant"] or "", typed["version"] or 0):
        raise UserError(
            T("there is no secret {name} in the sealed store", name=name),
            T("`vigie secrets list` shows what there is and where it comes from."),
        )
    session.note(T("removed {name}", name=name))
    return ExitCode.FINE


def _rotate(session: Session, home: Home, _: str, typed: dict[str, Any]) -> int:
    from vigie.services.secrets import rotate_master  # noqa: PLC0415

    target, file = typed["to"], typed["new_key"]
    if (target and file) or target not in (None, *TARGETS):
        raise UserError(
            T("the new master key is one of a file, a passphrase, or --new-key FILE"),
            T("Give --to file, --to passphrase, or --new-key FILE."),
        )
    phrase = None
    if target == "passphrase":
        phrase = _asked(session, T("New master passphrase"))
    key_file = Path(file).expanduser().absolute() if file else None
    count, key = rotate_master(home, passphrase=phrase, key_file=key_file)
    session.note(
        T("{count} version is sealed under the master key {key}",
          "{count} versions are sealed under the master key {key}", count=count, key=key)
    )  # fmt: skip
    if phrase is not None:
        session.note(T("From now on Vigie needs VIGIE_MASTER_PASSPHRASE, or a file that "
                       "VIGIE_MASTER_PASSPHRASE_FILE names."))  # fmt: skip
    elif file:
        session.note(T("From now on Vigie needs this key: name {path} in VIGIE_MASTER_KEY_FILE, "
                       "or give it as the systemd credential vigie-master-key.",
                       path=str(key_file)))  # fmt: skip
    session.note(T("Backups from before need the old key; make a new one."))
    return ExitCode.FINE


def _asked(session: Session, what: Any) -> SecretValue:
    """What is typed twice without being shown, or all of standard input but its last line end."""
    if sys.stdin.isatty():
        again = session.said(T("once more"))
        return SecretValue(
            click.prompt(
                session.said(what), hide_input=True, confirmation_prompt=again, err=True, type=str
            )
        )
    data = sys.stdin.buffer.read(LARGEST + 3)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text.endswith("\n"):
        text = text.removesuffix("\n").removesuffix("\r")
    return SecretValue(text)  # what is empty or too large is refused where it is kept


_DO: dict[str, Callable[[Session, Home, str, dict[str, Any]], int]] = {
    "list": _list,
    "set": _set,
    "remove": _remove,
    "rotate-master": _rotate,
}

"""`vigie db`: gets the advisories that packages are matched with, and says how they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.inputs import now
from vigie.faces.cli.options import common_options
from vigie.faces.cli.progress import shown
from vigie.faces.cli.session import Session
from vigie.faces.cli.speech import Example, command, option
from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.services.advisories import advisories_folder
from vigie.services.advisory_feeds import FeedOutcome, label_of
from vigie.wiring.settings import Settings

ACTIONS = ("status", "update", "import", "export")
FORMATS = ("table", "json")
# Which options each action takes besides those of every command.
_OF_ACTION = {
    "status": {"format"},
    "update": {"everything"},
    "import": {"trust", "allow_older"},
    "export": {"key", "new_key"},
}
_SHOWN = {"everything": "--all"}


@command(
    "db",
    T(
        "Keep the database of advisories: what is known about vulnerable packages, in one file. "
        "`update` gets it from the OSV bucket, CISA (KEV) and FIRST (EPSS), `import` from files, "
        "and `export` writes it as one signed file for machines without a network. `status` "
        "says how old each part is."
    ),
    Example("vigie db", T("Each feed's date, count and age, and where the file lies")),
    Example("vigie db update", T("Bring up to date what is there, or get the usual ecosystems")),
    Example("vigie db update PyPI npm kev", T("Only these")),
    Example("vigie db import PyPI/all.zip epss.csv.gz", T("From files instead of the network")),
    Example("vigie db export --new-key team.key", T("Make a key to sign bundles with")),
    Example("vigie db export bundle.tar --key team.key", T("Write one signed file")),
    Example("vigie db import bundle.tar --trust team.key.pub", T("Take it in on another machine")),
)
@click.argument("action", metavar="[status|update|import|export]", default="status")
@click.argument("what", metavar="[ECOSYSTEM|PATH|BUNDLE]...", nargs=-1)
@option("--all", "everything", is_flag=True, say=T("update: Get every ecosystem of the bucket."))
@option("--trust", metavar="KEY.pub", multiple=True,
        say=T("import: Take bundles that this key signed; repeatable."))  # fmt: skip
@option("--allow-older", is_flag=True, say=T("import: Take older data in place of newer."))
@option("--key", metavar="KEY", say=T("export: Sign the bundle with this key."))
@option(
    "--new-key", metavar="KEY", say=T("export: Make a new key, KEY, and its public half, KEY.pub.")
)
@option("--format", metavar="F", names=lambda: FORMATS, say=T("status: Print table or json."))
@common_options
def COMMAND(session: Session, action: str, what: tuple[str, ...], **typed: Any) -> int:  # noqa: N802
    settings = session.settings()
    if action not in ACTIONS:
        raise UserError(
            T("vigie db cannot {action!r}", action=action),
            T("Choose from: {names}", names=ACTIONS),
        )
    for name, value in typed.items():
        if value not in (None, (), False) and name not in _OF_ACTION[action]:
            shown_name = _SHOWN.get(name, "--" + name.replace("_", "-"))
            raise UserError(
                T("{name} says nothing to vigie db {action}", name=shown_name, action=action),
                T("`{command} --help` shows how it is used.", command="vigie db"),
            )
    return _DO[action](session, settings, what, typed)


def _status(
    session: Session, settings: Settings, what: tuple[str, ...], typed: dict[str, Any]
) -> int:
    from vigie.faces.cli.advisories import show_status  # noqa: PLC0415

    if what:
        raise UserError(
            T("vigie db status takes no names"), T("It shows every feed that is there.")
        )
    form = typed["format"] or FORMATS[0]
    if form not in FORMATS:
        raise UserError(
            T("vigie db status is not written as {name}", name=form),
            T("Choose from: {names}", names=FORMATS),
        )
    show_status(_folder(session), now(session), settings.scan.max_db_age, session, form=form)
    return ExitCode.FINE


def _update(
    session: Session, settings: Settings, what: tuple[str, ...], typed: dict[str, Any]
) -> int:
    from vigie.services.advisory_update import update  # noqa: PLC0415
    from vigie.sources.advisories.addresses import Addresses  # noqa: PLC0415

    if what and typed["everything"]:
        raise UserError(T("--all needs no names"), T("Leave out the one or the other."))
    usual = Addresses()
    mirrors = settings.advisories
    addresses = Addresses(
        mirrors.osv or usual.osv, mirrors.kev or usual.kev, mirrors.epss or usual.epss
    )
    names = what or (() if typed["everything"] else mirrors.ecosystems)
    if names and not what:
        names = (*names, "kev", "epss")
    with shown(session) as progress:
        outcomes = update(
            names,
            now(session),
            addresses,
            progress,
            everything=typed["everything"],
            folder=_folder(session),
        )
    code = _warn(outcomes, session)
    failed = sum(one.problem is not None for one in outcomes)
    session.note(
        T("{count} feed is up to date, {failed} not",
          "{count} feeds are up to date, {failed} not",
          count=len(outcomes) - failed, failed=failed)
    )  # fmt: skip
    return code


def _import(session: Session, _: Settings, what: tuple[str, ...], typed: dict[str, Any]) -> int:
    from vigie.services.advisory_import import ImportOptions, import_paths  # noqa: PLC0415

    if not what:
        raise UserError(
            T("vigie db import needs a file or a folder"),
            T("Give OSV dumps or records, the KEV catalogue, EPSS scores, or a bundle."),
        )
    options = ImportOptions(
        now(session),
        tuple(Path(key) for key in typed["trust"]),
        typed["allow_older"],
        _folder(session),
    )
    with shown(session) as progress:
        outcomes = import_paths([Path(path) for path in what], options, progress)
    code = _warn(outcomes, session)
    session.note(T("{count} feed taken in", "{count} feeds taken in", count=len(outcomes)))
    return code


def _export(session: Session, _: Settings, what: tuple[str, ...], typed: dict[str, Any]) -> int:
    from vigie.services.advisory_export import export, new_key  # noqa: PLC0415

    key, fresh = typed["key"], typed["new_key"]
    if len(what) > 1 or (what and not (key or fresh)) or (key and fresh) or not (what or fresh):
        raise UserError(
            T("vigie db export needs one bundle to write, and one key to sign it with"),
            T("vigie db export --new-key KEY makes a key, "
              "vigie db export BUNDLE --key KEY writes a bundle."),
        )  # fmt: skip
    if fresh:
        public = new_key(Path(fresh))
        session.note(T("wrote {path}", path=fresh))
        session.note(T("wrote {path}", path=str(public)))
        session.note(
            T("Keep {key} to yourself; machines that import need {public}.",
              key=fresh, public=str(public))
        )  # fmt: skip
    if what:
        done = export(Path(what[0]), Path(key or fresh), now(session), folder=_folder(session))
        session.note(
            T("wrote {path}, {size} MB, signed with the key {key}",
              path=str(done.bundle), size=round(done.size / 1_000_000, 1), key=done.key)
        )  # fmt: skip
    return ExitCode.FINE


_DO: dict[str, Callable[[Session, Settings, tuple[str, ...], dict[str, Any]], int]] = {
    "status": _status,
    "update": _update,
    "import": _import,
    "export": _export,
}


def _folder(session: Session) -> Path:
    return advisories_folder(session.environ)


def _warn(outcomes: Sequence[FeedOutcome], session: Session) -> int:
    """Say what went wrong and what still holds; the exit code."""
    for one in outcomes:
        if one.problem is not None:
            session.warn(one.problem)
            if not one.changed:
                session.note(_still(one))
    whole = all(one.problem is None for one in outcomes)
    return ExitCode.FINE if whole else ExitCode.INCOMPLETE


def _still(one: FeedOutcome) -> Text:
    label = label_of(one.name)
    if one.feed is None:
        return T("{label}: there is nothing of it in the database", label=label)
    return T(
        "{label}: the database still has what it had, as of {date}",
        label=label,
        date=one.feed.current[:10] or T("an unknown day"),
    )

"""Turns whatever happens into words for the person and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

import click

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.session import Session
from vigie.model.errors import SourceError, UserError, VigieError
from vigie.model.text import T


def guarded(session: Session, call: Callable[[], object]) -> int:
    """The exit code of `call`; its errors are said on standard error."""
    try:
        code = call()
        sys.stdout.flush()
        return code if isinstance(code, int) else ExitCode.FINE
    except UserError as error:
        session.fail(error)
        return ExitCode.USAGE
    except SourceError as error:
        session.fail(error)
        return ExitCode.INCOMPLETE
    except click.UsageError as error:
        session.fail(_usage(error))
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        session.note(T("interrupted"))
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader left (`| head`). Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.BROKEN_PIPE
    except OSError as error:
        if error.filename is None:
            return _bug(session, error)
        session.fail(_unreachable(error))
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001  the outermost guard: a bug must not look like a 1
        return _bug(session, error)


def _unreachable(error: OSError) -> UserError:
    return UserError(
        T("{path} cannot be used: {why}", path=str(error.filename), why=error.strerror or ""),
        T("Check the path and its permissions."),
    )


def _usage(error: click.UsageError) -> VigieError:
    """Click's own complaints, in the reader's language."""
    command = error.ctx.command_path if error.ctx else "vigie"
    hint = T("`{command} --help` shows how it is used.", command=command)
    if isinstance(error, click.NoSuchOption):
        if error.possibilities:
            hint = T("Did you mean {names}?", names=tuple(sorted(error.possibilities)))
        return UserError(
            T("{command} has no option {name}", command=command, name=error.option_name), hint
        )
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.make_metavar(error.ctx) if error.ctx else error.param.name
        return UserError(T("{command} needs {name}", command=command, name=name), hint)
    if isinstance(error, click.BadOptionUsage):
        return UserError(T("the option {name} needs a value", name=error.option_name), hint)
    return UserError(T("wrong usage: {why}", why=error.format_message()), hint)


def _bug(session: Session, error: Exception) -> int:
    where = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(where[-1].filename)}:{where[-1].lineno}" if where else "?"  # noqa: PTH119
    session.fail(
        UserError(
            T("this is a bug in Vigie: {what} at {place}",
              what=f"{type(error).__name__}: {error}", place=place),
            T("Run it again with -v and report what it prints, without your secrets."),
        )
    )  # fmt: skip
    if session.verbosity > 0:
        traceback.print_exception(error, file=sys.stderr)
    return ExitCode.BUG

"""Environment variables whose value may lie in a file instead: `VIGIE_DATABASE_URL_FILE`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T

_LARGEST = 64 * 1024  # bytes


def value_of(environ: Mapping[str, str], variable: str) -> str:
    """The variable's value, or that of the file that the variable with `_FILE` names, without
    the end of its line: containers and systemd mount secrets as files, which nobody reads in a
    list of processes. "" when neither is set. Raises UserError, which shows no value."""
    plain, file = environ.get(variable, ""), environ.get(f"{variable}_FILE", "")
    if not file:
        return plain
    if plain:
        raise UserError(
            T("{name} and {name}_FILE are both set", name=variable),
            T("Set one of them: nobody could say which holds."),
        )
    try:
        with Path(file).open("rb") as opened:
            text = opened.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise ValueError
        return text.decode().strip("\r\n")
    except OSError as error:
        why = error.strerror or type(error).__name__
    except ValueError:
        why = "UTF-8, 64 KiB"
    raise UserError(
        T("the file that {name}_FILE names cannot be read: {why}", name=variable, why=why),
        T("Check the path and its permissions."),
    )

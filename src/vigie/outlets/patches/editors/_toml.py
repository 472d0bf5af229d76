"""TOML files changed in place: strings get new values, everything else stays as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import String, StringType
from tomlkit.toml_document import TOMLDocument

from vigie.model.errors import UserError
from vigie.model.text import T

_LARGEST = 4 * 1024**2
_DEEPEST_LINE = 20_000


def parse(path: str, text: str) -> TOMLDocument:
    """The document, which writes back to the very same text. Raises UserError."""
    if len(text) > _LARGEST or text.count("[") > _DEEPEST_LINE:
        raise UserError(T("{path} is too large to be edited", path=path))
    try:
        document = tomlkit.parse(text)
        same = tomlkit.dumps(document) == text
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise UserError(
            T("{path} is no TOML: {why}", path=path, why=str(error)), T("It was not touched.")
        ) from None
    if not same:
        raise UserError(
            T("{path} could not be written back as it is", path=path), T("It was not touched.")
        )
    return document


def set_string(holder: Any, key: str | int, value: str) -> None:
    """Put `value` where a string is, in the same kind of quotes."""
    old = holder[key]
    literal = isinstance(old, String) and old.as_string().startswith("'") and "'" not in value
    multiline = isinstance(old, String) and old.as_string()[:3] in ('"""', "'''")
    holder[key] = tomlkit.string(value, literal=literal, multiline=multiline)


def table_of(holder: Any, *keys: str) -> Mapping[str, Any]:
    """The table at a path of keys; an empty one when there is none."""
    for key in keys:
        holder = holder.get(key) if isinstance(holder, Mapping) else None
    return holder if isinstance(holder, Mapping) else {}


__all__ = ["StringType", "parse", "set_string", "table_of"]

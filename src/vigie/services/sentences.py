"""Sentences as data: kept by the store, said to each reader in their language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

from vigie.model.text import Text

LONGEST = 500  # characters of a parameter
MOST = 100  # items of a list
DEEPEST = 8  # sentences inside one another


@overload
def plain(text: Text) -> dict[str, Any]: ...
@overload
def plain(text: Text | str | None) -> dict[str, Any] | None: ...
def plain(text: Text | str | None) -> dict[str, Any] | None:
    """A sentence as data: `template`, `plural` and `params`, those inside it alike. What somebody
    else said in words of their own is a sentence as it stands; None for nothing at all."""
    if isinstance(text, Text):
        return _sentence(text, 1)
    return (
        {"template": "{said}", "plural": "", "params": {"said": text[:LONGEST]}} if text else None
    )


def spoken(document: Mapping[str, Any] | None) -> Text | None:
    """The sentence again."""
    if not document:
        return None
    params = {name: _value(value) for name, value in (document.get("params") or {}).items()}
    return Text(document["template"], params, document.get("plural") or "")


def _sentence(text: Text, depth: int) -> dict[str, Any]:
    params = {name: _param(value, depth) for name, value in text.params.items()}
    return {"template": text.template, "plural": text.plural, "params": params}


def _param(value: object, depth: int) -> Any:
    if depth < DEEPEST and isinstance(value, Text):
        return _sentence(value, depth + 1)
    if depth < DEEPEST and isinstance(value, (tuple, list)):
        more = ("…",) if len(value) > MOST else ()
        return [_param(item, depth + 1) for item in (*value[:MOST], *more)]
    return value if isinstance(value, (int, float)) else str(value)[:LONGEST]


def _value(value: object) -> object:
    if isinstance(value, Mapping):
        return spoken(value)
    return tuple(_value(item) for item in value) if isinstance(value, list) else value

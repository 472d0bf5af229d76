"""Sentences as data: kept by the store, said to each reader in their language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vigie.model.text import Text


def plain(text: Text | str | None) -> dict[str, Any] | None:
    """A sentence as data, so that each reader gets it in their language."""
    if text is None or isinstance(text, str):
        return {"template": "{said}", "plural": "", "params": {"said": text}} if text else None
    params = {
        name: plain(value) if isinstance(value, Text) else _param(value)
        for name, value in text.params.items()
    }
    return {"template": text.template, "plural": text.plural, "params": params}


def _param(value: object) -> object:
    return value if isinstance(value, (int, float)) else str(value)[:500]


def spoken(document: Mapping[str, Any] | None) -> Text | None:
    """The sentence again."""
    if not document:
        return None
    params = {
        name: spoken(value) if isinstance(value, dict) else value
        for name, value in (document.get("params") or {}).items()
    }
    return Text(document["template"], params, document.get("plural") or "")

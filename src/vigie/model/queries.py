"""Questions to a list: the same filters, search, sort and pages for every noun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Operator(StrEnum):
    """How a value is compared. `IS` and `NOT` take several values and mean any of them."""

    IS = "is"
    NOT = "not"
    AFTER = "ge"
    UNTIL = "le"
    MORE = "gt"
    LESS = "lt"
    HAS = "has"  # the text holds it, whatever its case


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition. `values` are words as somebody typed them."""

    field: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows, in which order, and how many.

    `search` holds words that all must be found. `sort` is a field's name, "-" before it for
    the highest first, "" for the list's own order. `cursor` is what the page before gave.
    `fields` empty means all. `facets` are fields whose values are to be counted.
    """

    filters: tuple[Filter, ...] = ()
    search: str = ""
    sort: str = ""
    cursor: str = ""
    limit: int = 50
    fields: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a field and how many rows have it under all *other* filters."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `next` is "" on the last one. `total` counts all pages; `exact` is False when
    it only says 'at least'."""

    items: tuple[Mapping[str, Any], ...]
    next: str = ""
    total: int = 0
    exact: bool = True
    facets: Mapping[str, tuple[Facet, ...]] = field(default_factory=lambda: MappingProxyType({}))

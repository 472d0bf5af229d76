"""Lists over HTTP: the same filters, search, sort, pages, fields and facets for every noun.

GET /api/v1/findings?severity=critical,high&status.not=fixed&first_seen.ge=2026-01-01
    &q=log4j&sort=-score&limit=50&fields=id,severity&facets=severity,status&cursor=…
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from fastapi import Request, Response
from pydantic import BaseModel, Field

from vigie.model.errors import UserError
from vigie.model.queries import Page, Query
from vigie.model.text import T
from vigie.services.filters import filters_of
from vigie.stores.relational.listing import MOST, Listing

Item = TypeVar("Item")
_RESERVED = ("q", "sort", "cursor", "limit", "fields", "facets")


class FacetCount(BaseModel):
    """A value of a field, and how many have it under all other filters."""

    value: str = Field(examples=["critical"])
    count: int = Field(examples=[12])


class PageOf(BaseModel, Generic[Item]):
    """One page of a list. `next` is the cursor of the next page, "" on the last. `total` counts
    all pages; when `exact` is false there are more than that."""

    items: list[Item]
    next: str = ""
    total: int = 0
    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}


def query_of(request: Request, but: Sequence[str] = ()) -> Query:
    """The question that the address asks; parameters named in `but` are none of it. Raises
    UserError."""
    asked = request.query_params
    return Query(
        filters=filters_of(
            (name, value.split(","))
            for name, value in asked.multi_items()
            if name not in _RESERVED and name not in but
        ),
        search=asked.get("q", "")[:500],
        sort=asked.get("sort", ""),
        cursor=asked.get("cursor", ""),
        limit=_limit(asked.get("limit", "50")),
        fields=_words(asked.get("fields", "")),
        facets=_words(asked.get("facets", "")),
    )


def written(item: Mapping[str, Any]) -> msgspec.Raw:
    """A row of a page as the JSON that `page_answer` puts into it as it stands: for lists that
    are asked so often that a row is better written once."""
    return msgspec.Raw(msgspec.json.encode(item, enc_hook=str))


def page_answer(page: Page) -> Response:
    """The page as JSON."""
    body = {
        "items": page.items,
        "next": page.next,
        "total": page.total,
        "exact": page.exact,
        "facets": page.facets,
    }
    return Response(msgspec.json.encode(body, enc_hook=str), media_type="application/json")


def parameters(listing: Listing, *, facets: bool = True, paged: bool = True) -> dict[str, Any]:
    """For a route's `openapi_extra`: what this list can be asked; `paged` is False for what
    gives all pages at once."""
    sorts = sorted(n for n, f in listing.fields.items() if f.sort or n == "id")
    counted = sorted(n for n, f in listing.fields.items() if f.facet)
    found = [
        _parameter("sort", "Field to sort by; - before it for the highest first.",
                   {"type": "string", "enum": [*sorts, *(f"-{n}" for n in sorts)]}),
        _parameter("fields", "Only these fields, with commas between them.", {"type": "string"}),
    ]  # fmt: skip
    if paged:
        found += [
            _parameter("limit", "Rows a page.",
                       {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50}),
            _parameter("cursor", "`next` of the page before.", {"type": "string"}),
        ]  # fmt: skip
    if listing.search:
        found.append(_parameter("q", "Words that must all be found.", {"type": "string"}))
    if facets and counted:
        said = f"Count the values of these fields: {', '.join(counted)}."
        found.append(_parameter("facets", said, {"type": "string"}))
    for name in listing.asked:
        field = listing.fields[name]
        said = "Any of these values, with commas between them"
        found.append(_parameter(name, f"{said}; also {_operators(name, field.type.name)}.",
                                {"type": "string"}))  # fmt: skip
    return {"parameters": found}


def _operators(name: str, kind: str) -> str:
    suffixes = {
        "text": ("not", "has"),
        "id": ("not",),
        "word": ("not",),
        "flag": ("not",),
        "day": ("not",),
    }
    return ", ".join(f"{name}.{s}" for s in suffixes.get(kind, ("not", "ge", "le", "gt", "lt")))


def _parameter(name: str, said: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": said,
            "schema": dict(schema)}  # fmt: skip


def _limit(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= MOST):
        raise UserError(T("limit is a number from 1 to {most}", most=MOST))
    return int(word)


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w.strip() for w in text.split(",") if w.strip()))[:100]

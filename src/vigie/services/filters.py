"""Filters of a list by their names, as addresses and bodies give them: "severity", "status.not"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vigie.model.errors import UserError
from vigie.model.queries import Filter, Operator
from vigie.model.text import T

_MOST_VALUES = 200
_MOST = 50


def filters_of(asked: Iterable[tuple[str, Sequence[str]]]) -> tuple[Filter, ...]:
    """Filters of names and their words; a name may come twice. Empty words are none.

    Raises UserError for a comparison that there is not, and for too many: none is left out, for
    that would mean more rows than were asked for.
    """
    filters = tuple(_filter(name, words) for name, words in asked)
    if len(filters) > _MOST:
        raise UserError(T("at most {most} filters at once", most=_MOST))
    return filters


def _filter(name: str, words: Sequence[str]) -> Filter:
    field, _, operator = name.partition(".")
    values = tuple(word for word in words if word)
    if len(values) > _MOST_VALUES:
        raise UserError(T("at most {most} values in one filter", most=_MOST_VALUES))
    return Filter(field, _operator(name, operator), values)


def _operator(name: str, word: str) -> Operator:
    try:
        return Operator(word or "is")
    except ValueError:
        raise UserError(
            T("{name} ends in no comparison", name=name[:100]),
            T("Choose from: {names}", names=tuple(f".{o.value}" for o in Operator)),
        ) from None

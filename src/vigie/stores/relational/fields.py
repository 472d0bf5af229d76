"""What a list can be asked for: fields with their types, and typed words turned into values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.queries import Filter, Operator
from vigie.model.text import T
from vigie.stores.relational import ids

Parse = Callable[[str], Any]
_MOST = 2**31 - 1  # PostgreSQL's integer


def _time(word: str) -> datetime:
    moment = datetime.fromisoformat(word)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(word: str) -> datetime:
    """The first moment of that day (UTC), which is one that another follows."""
    begin = datetime.combine(date.fromisoformat(word), time.min, UTC)
    return begin + timedelta(days=1) - timedelta(days=1)


def _text(word: str) -> str:
    word.encode()  # half a surrogate pair is no text
    if "\0" in word:
        raise ValueError(word)
    return word


def _count(word: str) -> int:
    number = int(word)
    if abs(number) > _MOST:
        raise ValueError(word)
    return number


def _flag(word: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[word.lower()]


def _nothing(word: str) -> Any:
    raise ValueError(word)


def _id(word: str) -> str:
    if not ids.is_id(word):
        raise ValueError(word)
    return word


@dataclass(frozen=True, slots=True)
class FieldType:
    """How a word becomes a value (`parse` raises ValueError or KeyError), and in words what is
    allowed. `schema` is its JSON Schema."""

    name: str
    parse: Parse
    schema: Mapping[str, Any]


TEXT = FieldType("text", _text, {"type": "string"})
ID = FieldType("id", _id, {"type": "string", "format": "uuid"})
TIME = FieldType("time", _time, {"type": "string", "format": "date-time"})
NUMBER = FieldType("number", float, {"type": "number"})
COUNT = FieldType("count", _count, {"type": "integer"})
FLAG = FieldType("flag", _flag, {"type": "boolean"})
DAY = FieldType("day", _day, {"type": "string", "format": "date"})
# Shown and never compared: the database does not look inside.
DOCUMENT = FieldType("document", _nothing, {})


_HINTS = {
    "text": T("It takes a text without signs that cannot be seen."),
    "id": T("It takes an id, as the API gives it."),
    "time": T("It takes a date or a moment: 2026-03-01, 2026-03-01T08:00:00Z."),
    "day": T("It takes a day: 2026-03-01."),
    "number": T("It takes a number, as in 7.5."),
    "count": T("It takes a whole number."),
    "flag": T("It takes yes or no: true, false."),
}


def words_of(kind: type[Enum]) -> FieldType:
    """A field that holds one word of these."""
    return FieldType(
        "word", kind, {"type": "string", "enum": [str(member.value) for member in kind]}
    )


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a list.

    `column` is what is compared and sorted by. `condition` replaces the comparison where the
    field lies in another table: it gets the condition on `column` and returns the one on the
    list's own rows. `compare` replaces how the words are compared, for a field that means more
    than one column. `sort` and `facet` say whether it may be sorted by and counted; `rank` is
    what it is sorted by where the column may be NULL, which the engines place differently.
    """

    column: Any
    type: FieldType = TEXT
    sort: bool = False
    facet: bool = False
    shown: bool = True
    condition: Callable[[str, sa.ColumnElement[bool]], sa.ColumnElement[bool]] | None = None
    compare: Callable[[Operator, Sequence[Any]], sa.ColumnElement[bool]] | None = None
    rank: Any = None

    def __post_init__(self) -> None:
        """PostgreSQL compares no number with a word; SQLite would."""
        numbers = (sa.Integer, sa.Float, sa.Boolean)
        if self.type is TEXT and self.compare is None and isinstance(self.column.type, numbers):
            raise TypeError(f"{self.column} holds no text")

    @property
    def order(self) -> Any:
        """What the list is sorted by."""
        return self.column if self.rank is None else self.rank


@dataclass(frozen=True, slots=True)
class Through:
    """For a field of `table`, whose column `by` holds what the list's rows have as `key`."""

    key: Any
    table: Any
    by: str = "id"

    def __call__(self, tenant: str, inner: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        """The condition on the list's rows, from the one on the table's."""
        found: sa.ColumnElement[bool] = self.key.in_(self.rows(tenant, inner))
        return found

    def rows(self, tenant: str, inner: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """What the column `by` holds where this is true."""
        return sa.select(self.table.c[self.by]).where(self.table.c.tenant_id == tenant, inner)


def condition_of(name: str, field: Field, asked: Filter, tenant: str) -> sa.ColumnElement[bool]:
    """The SQL condition of one filter. Raises UserError for a word that the type does not know."""
    if field.condition is None and field.compare is None:
        return _comparison(field.column, asked.operator, values_of(name, field, asked))
    # Where the field lies elsewhere, 'not' is said of the row: also one that names nothing there.
    found = elsewhere(name, field, asked)
    if field.condition is not None:
        found = field.condition(tenant, found)
    return found.is_not(True) if asked.operator is Operator.NOT else found


def elsewhere(name: str, field: Field, asked: Filter) -> sa.ColumnElement[bool]:
    """The condition where the field lies; of 'not', the one that is denied. Raises UserError."""
    operator = Operator.IS if asked.operator is Operator.NOT else asked.operator
    compare = field.compare or (lambda o, v: _comparison(field.column, o, v))
    return compare(operator, values_of(name, field, asked))


def values_of(name: str, field: Field, asked: Filter) -> list[Any]:
    """What the words of a filter mean. Raises UserError for one that the type does not know."""
    return [_value(name, field, word) for word in asked.values]


def _comparison(column: Any, operator: Operator, values: Sequence[Any]) -> sa.ColumnElement[bool]:
    match operator:
        case Operator.IS:
            return column == values[0] if len(values) == 1 else column.in_(values)  # type: ignore[no-any-return]
        case Operator.NOT:
            return sa.or_(column.not_in(values), column.is_(None))
        case Operator.AFTER:
            return column >= values[0]  # type: ignore[no-any-return]
        case Operator.UNTIL:
            return column <= values[0]  # type: ignore[no-any-return]
        case Operator.MORE:
            return column > values[0]  # type: ignore[no-any-return]
        case Operator.LESS:
            return column < values[0]  # type: ignore[no-any-return]
        case Operator.HAS:
            return sa.or_(*(contains(column, str(value)) for value in values))


def passing(field: Field, asked: Filter) -> Callable[[Any], bool]:
    """The same comparison on a value that was read from the field's column."""
    ranks = getattr(field.column.type, "order", ())
    rank = ranks.index if ranks else _itself
    values = values_of(asked.field, field, asked)
    plain = {getattr(value, "value", value) for value in values}
    first = rank(values[0])
    match asked.operator:
        case Operator.IS:
            return lambda value: value is not None and getattr(value, "value", value) in plain
        case Operator.NOT:
            return lambda value: getattr(value, "value", value) not in plain
        case Operator.AFTER:
            return lambda value: value is not None and bool(rank(value) >= first)
        case Operator.UNTIL:
            return lambda value: value is not None and bool(rank(value) <= first)
        case Operator.MORE:
            return lambda value: value is not None and bool(rank(value) > first)
        case Operator.LESS:
            return lambda value: value is not None and bool(rank(value) < first)
        case Operator.HAS:
            words = [str(value).lower() for value in values]
            return lambda value: any(word in str(value or "").lower() for word in words)


def _itself(value: Any) -> Any:
    return getattr(value, "value", value)


def contains(column: Any, word: str) -> sa.ColumnElement[bool]:
    """The text holds the word, whatever its case; % and _ in it mean themselves."""
    found: sa.ColumnElement[bool] = sa.func.lower(column).contains(word.lower(), autoescape=True)
    return found


def _value(name: str, field: Field, word: str) -> Any:
    try:
        return field.type.parse(word)
    except (ValueError, KeyError, OverflowError):
        allowed = field.type.schema.get("enum")
        hint = (
            T("Choose from: {names}", names=tuple(allowed))
            if allowed
            else _HINTS.get(field.type.name, T("It cannot be asked for."))
        )
        raise UserError(T("{name} cannot be {word!r}", name=name, word=word[:100]), hint) from None

"""Column types that mean the same in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import BigInteger, DateTime, Dialect, SmallInteger, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

from vigie.model.findings import Decision
from vigie.model.severity import Severity
from vigie.stores.relational.ids import canonical

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Word = TypeVar("Word", bound=Enum)


class Id(Uuid[str]):
    """A UUID, as its canonical text in Python: `uuid` in PostgreSQL, 32 digits in SQLite."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(as_uuid=False)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Without the detour over `uuid.UUID`: a page of a list holds hundreds of them."""
        if dialect.name == "sqlite":
            return _hyphened
        return super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]


def _hyphened(text: str | None) -> str | None:
    return None if text is None else canonical(text)


def microseconds(moment: datetime) -> int:
    """Since 1970, of an aware time."""
    return (moment - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware UTC time: `timestamptz` in PostgreSQL, microseconds since 1970 in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The engine's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Raises ValueError for a time without an offset: nobody could say when that was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset")
        return microseconds(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """In UTC, whatever the session's time zone is."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        moment: datetime = value
        return moment.astimezone(UTC)


class Document(TypeDecorator[Any]):
    """Plain values as JSON text. Nothing is looked up inside it by the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """None stays NULL: unknown, not an empty document. PostgreSQL's text cannot hold NUL."""
        if value is None:
            return None
        return msgspec.json.encode(value).decode().replace("\\u0000", "\\ufffd")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """The values again."""
        return None if value is None else msgspec.json.decode(value)


class _Ranked(TypeDecorator[Word], Generic[Word]):
    """Words with an order, kept as small numbers so that the database can sort by them."""

    impl = SmallInteger
    cache_ok = True
    order: tuple[Word, ...]

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Its place in the order."""
        return None if value is None else self.order.index(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Word | None:  # noqa: ARG002
        """The word."""
        return None if value is None else self.order[value]


class SeverityRank(_Ranked[Severity]):
    """Unknown below all: it is not zero, and a list shows it apart."""

    cache_ok = True
    order = tuple(sorted(Severity, key=lambda severity: severity.rank))


class DecisionRank(_Ranked[Decision]):
    """From accept up to act now."""

    cache_ok = True
    order = tuple(sorted(Decision, key=lambda decision: decision.rank))

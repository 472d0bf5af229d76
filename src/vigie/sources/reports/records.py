"""Records: safe reading of one record, and the tally that loses none.

A tool's JSON holds nulls, numbers for strings and lists for single values. The readers of
`Record` give None or empty for what is absent or of another type, so a missing value stays
unknown; `need` is for what a record is worthless without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

from vigie.model.observations import Observation
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T

Step = str | int


class RecordError(ValueError):
    """This record cannot be read; the message says why."""


class Record:
    """One decoded object and where it stands in the report."""

    __slots__ = ("data", "pointer")

    def __init__(self, data: dict[Any, Any], pointer: str = "") -> None:
        self.data = data
        self.pointer = pointer

    def at(self, *path: Step) -> Any:
        """The value at a path of names and indexes, None when there is none."""
        # The innermost loop of every parser: exact types are what a JSON decoder gives, and
        # most paths have one step.
        if len(path) == 1:
            return self.data.get(path[0])
        value: Any = self.data
        for step in path:
            if type(value) is dict:
                value = value.get(step)
            elif (
                isinstance(value, list)
                and isinstance(step, int)
                and -len(value) <= step < len(value)
            ):
                value = value[step]
            else:
                return None
        return value

    def text(self, *path: Step) -> str:
        """A string, stripped; numbers are spelt out; "" for anything else."""
        value = self.data.get(path[0]) if len(path) == 1 else self.at(*path)
        if type(value) is str:
            return value.strip()
        if value is None:
            return ""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        return ""

    def need(self, *path: Step) -> str:
        """A string that must be there. Raises RecordError."""
        value = self.text(*path)
        if not value:
            raise RecordError(f"has no {'.'.join(map(str, path))}")
        return value

    def first(self, *names: str) -> str:
        """The first of these members that holds a string."""
        return next((value for name in names if (value := self.text(name))), "")

    def number(self, *path: Step) -> float | None:
        """A finite number, also out of a string such as "7.5"; None for anything else."""
        value = self.at(*path)
        if type(value) is float:
            return value if value - value == 0 else None
        if value is None or isinstance(value, bool) or not isinstance(value, (int, float, str)):
            return None
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return None
        return number if number - number == 0 else None

    def integer(self, *path: Step) -> int | None:
        """A whole number that fits in 53 bits, else None."""
        number = self.number(*path)
        if number is None or number != int(number) or abs(number) > 2**53:
            return None
        return int(number)

    def line(self, *path: Step) -> int | None:
        """A line number, counted from 1; None for zero and below, which tools use for 'none'."""
        number = self.integer(*path)
        return number if number is not None and number > 0 else None

    def flag(self, *path: Step) -> bool | None:
        """A boolean, also "true"/"false"; None for anything else."""
        value = self.at(*path)
        if isinstance(value, bool):
            return value
        return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None

    def texts(self, *path: Step) -> tuple[str, ...]:
        """The strings of a list (numbers spelt out), or one string as a list of one."""
        value = self.at(*path)
        if isinstance(value, str):
            return (value.strip(),) if value.strip() else ()
        if not value or not isinstance(value, list):
            return ()
        found = []
        for item in value:
            if type(item) is str:
                if text := item.strip():
                    found.append(text)
            elif isinstance(item, (int, float)) and not isinstance(item, bool):
                found.append(str(item))
        return tuple(found)

    def child(self, *path: Step) -> Record:
        """The object at a path; an empty record when there is none."""
        value = self.at(*path)
        return Record(value if isinstance(value, dict) else {}, self.pointer)

    def children(self, *path: Step) -> Iterator[Record]:
        """The objects of a list at a path, each with its own pointer; others are passed over."""
        value = self.at(*path)
        if not value or not isinstance(value, list):
            return
        where = f"{self.pointer}.{'.'.join(map(str, path))}"
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield Record(item, f"{where}[{index}]")

    def __bool__(self) -> bool:
        return bool(self.data)


class Pointed(Protocol):
    """Anything with a place in the report: a node, a record, an element."""

    @property
    def pointer(self) -> str: ...


P = TypeVar("P", bound=Pointed)


_collected: ContextVar[Callable[[], Any]] = ContextVar("collected", default=list)


@contextmanager
def collected_in(make: Callable[[], Sequence[Observation]]) -> Iterator[None]:
    """Reports that are read meanwhile collect their observations in what `make` gives."""
    before = _collected.set(make)
    try:
        yield
    finally:
        _collected.reset(before)


class Tally:
    """Collects what becomes of each record of a report.

    Call `read` once for each record. It counts first and reads then, so the count does not
    depend on what was made of it.
    """

    def __init__(self) -> None:
        self.records = 0
        self.observations: list[Observation] = _collected.get()()  # or what appends as a list does
        self.problems: list[Problem] = []

    def read(self, item: P, observe: Callable[[P], Observation]) -> None:
        """One record: an observation, or a problem that names it."""
        self.records += 1
        try:
            self.observations.append(observe(item))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as e:
            # Shape errors of one record must not cost the others. RecordError is a ValueError.
            self.lose(item.pointer, _why(e))

    def told(self) -> Sequence[Observation]:
        """The observations, once all are read."""
        return (
            tuple(self.observations) if isinstance(self.observations, list) else self.observations
        )

    def read_all(self, items: Iterable[P], observe: Callable[[P], Observation]) -> None:
        for item in items:
            self.read(item, observe)

    def lose(self, pointer: str, why: str) -> None:
        """Note that the record at `pointer` (counted by the caller or `read`) became nothing."""
        self.problems.append(
            Problem(
                ProblemCode.RECORD,
                T("record could not be read: {why}", why=why),
                record=pointer,
                hint=T("The rest of the report was read. Tell us about the format if it is new."),
            )
        )

    def note(self, code: ProblemCode, message: Any, where: str = "", hint: Any = None) -> None:
        """A problem of the report itself, not of a record."""
        self.problems.append(Problem(code, message, where, hint))


def _why(error: Exception) -> str:
    if isinstance(error, RecordError):
        return str(error)
    if isinstance(error, KeyError):
        return f"has no {error.args[0] if error.args else ''}"
    return f"{type(error).__name__}: {error}"

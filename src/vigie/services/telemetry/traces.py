"""Spans, for whoever collects traces. Without a collector nothing is even imported.

A span holds names and ids: no address with its query, no value of a statement, no text of an
error, for any of these may be secret.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SERVER, _CLIENT, _CONSUMER, _INTERNAL = "SERVER", "CLIENT", "CONSUMER", "INTERNAL"
_tracer: Any = None


class Span:
    """What may be said of a piece of work while it goes on; says nothing without a collector."""

    def __init__(self, inner: Any = None) -> None:
        self._inner = inner

    def note(self, **facts: str | int | float | bool) -> None:
        """Attributes; `__` in a name stands for a dot (`http__route`)."""
        if self._inner is not None:
            self._inner.set_attributes({k.replace("__", "."): v for k, v in facts.items()})

    def name(self, name: str) -> None:
        """Call it differently, once it is known what it is."""
        if self._inner is not None:
            self._inner.update_name(name)

    def failed(self, kind: str) -> None:
        """It did not work: the kind of error."""
        if self._inner is not None:
            from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415

            self._inner.set_status(Status(StatusCode.ERROR))
            self._inner.set_attribute("error.type", kind)


def trace_with(tracer: Any) -> None:
    """Give spans to this tracer of OpenTelemetry; None stops that."""
    global _tracer  # noqa: PLW0603  one for the process, as the library has it
    _tracer = tracer


def tracing() -> bool:
    """Whether somebody collects."""
    return _tracer is not None


@contextmanager
def span(
    name: str, kind: str = _INTERNAL, *, parent: Any = None, **facts: str | int | float | bool
) -> Iterator[Span]:
    """A span around what is done inside, below the one around it or below `parent` (headers of
    W3C Trace Context). `kind` is a SpanKind of OpenTelemetry."""
    if _tracer is None:
        yield Span()
        return
    from opentelemetry.propagate import extract  # noqa: PLC0415
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    context = extract(parent) if parent is not None else None
    with _tracer.start_as_current_span(
        name, context=context, kind=SpanKind[kind], record_exception=False,
        set_status_on_exception=False,
    ) as inner:  # fmt: skip
        made = Span(inner)
        made.note(**facts)
        whole = False
        try:
            yield made
            whole = True
        finally:
            if not whole:
                made.failed(type(sys.exception()).__name__)

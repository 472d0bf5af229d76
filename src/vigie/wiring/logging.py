"""Logging for the person who runs Vigie: to standard error, never a secret in it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, TextIO

import structlog

Processor = Callable[[Any, str, MutableMapping[str, Any]], Any]
HIDDEN = "***"

_SECRET_KEY = re.compile(
    r"pass(word|wd|phrase)?$|secret|token|api_?key|authori[sz]ation|cookie|credential|private_key",
    re.IGNORECASE,
)
_URL_LOGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/\s:@]+(?::[^/\s@]*)?@", re.IGNORECASE)
_BEARER = re.compile(r"\b(bearer|basic)\s+[\w.+/=-]{8,}", re.IGNORECASE)

_LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}


def configure_logging(
    verbosity: int = 0, stream: TextIO | None = None, *, masks: Sequence[Processor] = ()
) -> None:
    """Log to `stream` (standard error): for people on a terminal, else one JSON object a line.

    `verbosity` is -1 for errors only, 0 for warnings too, 1 for what is being done, 2 and
    more for everything. `masks` are processors that hide more (secrets that were used).
    """
    stream = stream or sys.stderr
    terminal = stream.isatty()
    show: Callable[..., Any] = (
        # The richer trace shows the values of variables, and some of those are secret.
        structlog.dev.ConsoleRenderer(
            colors=True, exception_formatter=structlog.dev.plain_traceback
        )
        if terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    trace = [] if terminal else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *trace,
            hide_secrets,
            *masks,
            show,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS.get(verbosity, logging.DEBUG)),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


class _Forwarding(logging.Handler):
    """Hands what libraries log to structlog, so that one log has one form."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit their own format
            event = str(record.msg)
        structlog.get_logger().log(
            record.levelno, event, logger=record.name, exc_info=record.exc_info or None
        )


def forward_logging(verbosity: int = 0) -> None:
    """What libraries log (the web server, database drivers) comes out as Vigie's own does."""
    root = logging.getLogger()
    root.handlers = [_Forwarding()]
    # One level quieter: what they do is not what Vigie does.
    root.setLevel(_LEVELS.get(verbosity - 1, logging.DEBUG))


def hide_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: masks values by their name, and logins inside URLs and headers."""
    for key, value in event.items():
        event[key] = _safe(key, value)
    return event


def _safe(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key):
        return HIDDEN if value else value
    if isinstance(value, str):
        return _BEARER.sub(rf"\1 {HIDDEN}", _URL_LOGIN.sub(rf"\g<scheme>{HIDDEN}@", value))
    if isinstance(value, dict):
        return {name: _safe(str(name), item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_safe("", item) for item in value]
    return value

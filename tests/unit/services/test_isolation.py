"""What others' work raises is handed back; what ends the process is not."""

from __future__ import annotations

import pytest
import structlog
from structlog.testing import capture_logs

from vigie.model.errors import SourceError
from vigie.services.isolation import as_bug, isolated, log_failure


def broken() -> None:
    raise ValueError("secret")


def test_an_answer_or_an_error_comes_back() -> None:
    assert isolated(lambda: 3).answer == 3
    ran = isolated(broken)
    assert isinstance(ran.error, ValueError)
    told = as_bug(ran.error)
    assert "ValueError at test_isolation.py:" in str(told)
    assert "secret" not in str(told)


def test_what_ends_the_process_ends_it() -> None:
    def leave() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        isolated(leave)


def test_a_bug_is_logged_whole_and_the_outside_world_in_a_line() -> None:
    with capture_logs() as lines:
        log = structlog.get_logger()
        log_failure(log, "failed", SourceError("gone"), what="x")
        log_failure(log, "failed", error := ValueError("odd"))
        log_failure(log, "failed", None)
    assert lines == [
        {"event": "failed", "log_level": "warning", "error": "gone", "what": "x"},
        {"event": "failed", "log_level": "error", "exc_info": error},
    ]

"""What others' work raises is handed back; what ends the process is not."""

from __future__ import annotations

import pytest

from vigie.services.isolation import as_bug, isolated


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

"""What every test may use: where the corpus lies, and how golden files are renewed."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = ["tests.service_fixtures", "tests.store_fixtures"]
# How long one example takes says more of the machine than of the code. The same code is tried with
# the same examples, so that no run fails for something else than what was changed;
# `--hypothesis-profile explore` looks for what nobody has thought of.
settings.register_profile("vigie", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, derandomize=False, max_examples=1000)
settings.load_profile("vigie")

CORPUS = Path(os.environ.get("VIGIE_CORPUS", ROOT.parent / "shared" / "corpus"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew, then review them"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests over the corpus say plainly that they were skipped where it is absent."""
    if CORPUS.is_dir():
        return
    skip = pytest.mark.skip(reason="no corpus of real reports beside the checkout (VIGIE_CORPUS)")
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    """A test that sets up the log, as a program does at its start, leaves none behind: it would
    write to what that test's output was captured in, which is closed by then."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    # Pytest's own come and go with each phase of a test.
    root.handlers[:] = [
        h for h in root.handlers if h in handlers or type(h).__module__.startswith("_pytest")
    ]
    root.setLevel(level)
    if structlog := sys.modules.get("structlog"):
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


@pytest.fixture
def in_a_terminal() -> Iterator[None]:
    """Ctrl-C and hanging up reach this process and its children, as they do in a terminal: who is
    started in the background, or by nohup, ignores them from birth."""
    interrupted = signal.signal(signal.SIGINT, signal.default_int_handler)
    hung_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupted)
    signal.signal(signal.SIGHUP, hung_up)


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def corpus() -> Path:
    return CORPUS

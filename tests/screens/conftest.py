"""The built screens; where they cannot be walked, each test says so instead of passing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.screens.desk import Desk, missing, opened_desk
from tests.service_fixtures import SERVICES
from tests.store_fixtures import Store


@pytest.fixture(scope="session")
def screens(request: pytest.FixtureRequest) -> None:
    """Built from the sources as they are, once for all that run at the same time."""
    if absent := missing():
        pytest.skip(f"THE SCREENS WERE NOT WALKED: {absent} is not here")
    with request.config.stash[SERVICES].locked("screens"):
        made = subprocess.run(
            ["make", "--no-print-directory", "web"],
            cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
        )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.fixture
def desk(screens: None, store: Store, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(store, tmp_path) as made:
        yield made

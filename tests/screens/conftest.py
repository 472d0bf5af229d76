"""The built screens; where they cannot be walked, each test says so instead of passing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from fastapi import FastAPI

from tests.conftest import ROOT
from tests.screens.desk import Desk, missing, opened_desk
from tests.service_fixtures import SERVICES
from tests.store_fixtures import Store
from vigie.faces.server import screens as served
from vigie.services.scan_targets import ScanRules


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Path:
    """The screens as their sources are now, built once for all that run at the same time."""
    if absent := missing():
        pytest.skip(f"THE SCREENS WERE NOT WALKED: {absent} is not here")
    services = request.config.stash[SERVICES]
    folder = services.folder / "screens"
    with services.locked("screens"):
        if not (folder / "whole").exists():
            _run("make", "--no-print-directory", "web/node_modules/.installed")
            _run("npm", "run", "--silent", "build", "--prefix", "web", VIGIE_BUILT=str(folder))
            (folder / "whole").touch()
    return folder


@pytest.fixture
def screens(built: Path, tmp_path: Path) -> Iterator[None]:
    """Servers of the test give out what was built, and let the test's folder be scanned."""
    whole = served.install

    def install(app: FastAPI) -> None:
        app.state.scan_rules = ScanRules((tmp_path,), offline=True)
        whole(app, built)

    with mock.patch.object(served, "install", install):
        yield


def _run(*command: str, **environ: str) -> None:
    made = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environ},
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.fixture
def desk(screens: None, store: Store, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(store, tmp_path) as made:
        yield made

"""The door, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.access_made import Door, opened_door
from tests.store_fixtures import Store


@pytest.fixture
def door(store: Store, tmp_path: Path) -> Iterator[Door]:
    with opened_door(store, tmp_path) as opened:
        yield opened

"""How often garbage is looked for while imports run, and what is given back after them."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.recording.handed_in import grype_report, hand_in, job_of, take_in
from tests.unit.services.recording.world import world

from vigie.model.errors import UserError
from vigie.services.imports import run_import
from vigie.services.progress import Progress
from vigie.services.recording import collecting
from vigie.services.recording.collecting import seldom_collected


def test_thresholds_are_as_before_when_the_last_import_is_done() -> None:
    usual = gc.get_threshold()
    with seldom_collected():
        with seldom_collected():
            seldom = gc.get_threshold()
        assert gc.get_threshold() == seldom != usual
    assert gc.get_threshold() == usual


def test_memory_is_given_back_after_an_import_however_it_ends(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr(collecting, "_malloc_trim", lambda: given.append)
    acme = world(store, tmp_path)
    take_in(acme, hand_in(acme, grype_report("CVE-2024-0001")))
    assert given == [0]
    broken = hand_in(acme, b"{")
    with pytest.raises(UserError):
        run_import(acme.platform, job_of(acme, broken), Progress())
    assert given == [0, 0]


def test_where_the_c_library_cannot_give_back_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collecting, "_malloc_trim", lambda: None)
    collecting.give_back()

"""What findings are judged by: the platform's feeds, and the tenant's own weights."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading
from tests.unit.services.recording.world import World, world

from vigie.services import policies
from vigie.services.advisories import database_path
from vigie.services.at_hand import FOLDER, judging, knowledge_of
from vigie.services.recording import record

POLICY = """
name: ours
block: []
priority:
  weights: {likelihood: 0, impact: 100, exposure: 0, criticality: 0, agreement: 0, fix: 0}
"""


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path)


def test_without_a_database_of_advisories_nothing_is_known(acme: World) -> None:
    with knowledge_of(acme.platform) as knowledge:
        assert (knowledge.kev_date, knowledge.epss_date) == ("", "")


def test_a_damaged_database_keeps_no_report_from_being_judged(acme: World) -> None:
    folder = acme.platform.folder / FOLDER
    folder.mkdir()

    database_path(folder).write_bytes(b"not a database")
    with knowledge_of(acme.platform) as knowledge:
        assert knowledge.kev_date == ""


def test_a_tenants_findings_are_weighed_as_its_policy_says(acme: World) -> None:
    with acme.platform.database.begin(acme.caller.scope) as work:
        policies.create(work, acme.platform, acme.person, POLICY, default=True)
    with judging(acme.platform, acme.caller) as options:
        assert options.priority.weights.impact == 100
        told = [reading("trivy", flaw("trivy", "CVE-2024-0001"))]
        record(acme.platform, acme.caller, told, options=options)
    assert acme.finding("CVE-2024-0001")["score"] == 80.0

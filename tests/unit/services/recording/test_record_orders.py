"""Whatever the reports and their order: each tool's last word counts, and nobody else's order."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import (
    flaw,
    package,
    reading,
    secret,
    weakness,
)
from tests.unit.services.recording.world import SEEN_AGAIN, World, world

from vigie.model.observations import Observation
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.services.intake import Reading

_TOOLS = ("grype", "osv", "trivy")
_NAMES = (("CVE-2024-0001", ()), ("GHSA-aaaa-bbbb-cccc", ()),
          ("CVE-2024-0001", ("GHSA-aaaa-bbbb-cccc",)), ("CVE-2024-0002", ()),
          ("DSA-1", ("CVE-2024-0001", "CVE-2024-0002")))  # fmt: skip


@st.composite
def _said(draw: st.DrawFn, tool: str) -> Observation:
    match draw(st.sampled_from(["flaw", "flaw", "flaw", "weakness", "secret", "package"])):
        case "flaw":
            name, aliases = draw(st.sampled_from(_NAMES))
            return flaw(
                tool, name, draw(st.sampled_from(["left-pad", "right-pad"])),
                draw(st.sampled_from(["1.0", "2.0"])), aliases=aliases,
                severity=draw(st.sampled_from([Severity.LOW, Severity.HIGH, Severity.UNKNOWN])),
                fixed=draw(st.sampled_from(["", "1.1", "3.0"])),
            )  # fmt: skip
        case "weakness":
            return weakness(
                tool, "B1", draw(st.sampled_from(["a.py", "b.py"])), draw(st.integers(1, 4)),
                anchor=draw(st.sampled_from(["", "x"])),
            )  # fmt: skip
        case "secret":
            return secret(tool, ".env", draw(st.integers(1, 3)),
                          value_hash=draw(st.sampled_from(["", "a1", "b2"])))  # fmt: skip
        case _:
            return package(tool, draw(st.sampled_from(["one", "two"])))


@st.composite
def _reports(draw: st.DrawFn) -> dict[str, list[Reading]]:
    """For each tool the reports that it sends, one after the other."""
    reports = {}
    for tool in _TOOLS:
        every = []
        for _ in range(draw(st.integers(0, 2))):
            said = [replace(one, record=f"r[{n}]")
                    for n, one in enumerate(draw(st.lists(_said(tool), max_size=5)))]  # fmt: skip
            outcome = draw(st.sampled_from([Outcome.COMPLETE, Outcome.COMPLETE, Outcome.PARTIAL]))
            every.append(reading(tool, *said, outcome=outcome))
        reports[tool] = every
    return reports


def _merged(reports: dict[str, list[Reading]], order: list[str]) -> list[Reading]:
    """All reports, those of each tool in their own order, the tools' turns as `order` says."""
    waiting = {tool: iter(every) for tool, every in reports.items()}
    return [next(waiting[tool]) for tool in order]


_count = itertools.count()


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_the_order_of_different_tools_does_not_matter(
    data: st.DataObject, store: Store, tmp_path: Path
) -> None:
    reports = data.draw(_reports())
    turns = [tool for tool, every in reports.items() for _ in every]
    worlds: list[World] = []
    for _ in range(2):
        made = world(store, tmp_path, f"tenant-{next(_count)}")
        order = data.draw(st.permutations(turns))
        for one in _merged(reports, order):
            made.record(one)
        worlds.append(made)
    first, second = (_open(made) for made in worlds)
    assert first == second
    before = worlds[0].all(SEEN_AGAIN)
    _consistent(worlds[0])
    for tool, every in reports.items():
        if every:  # the last word of each tool again: nothing is new in it
            assert worlds[0].record(every[-1]).total("new") == 0, tool
    assert worlds[0].all(SEEN_AGAIN) == before


def _open(made: World) -> dict[str, object]:
    """What is believed; what was closed on the way there depends on the way."""
    state = made.state()
    state["findings"] = {k: v for k, v in state["findings"].items() if not v["closed"]}
    del state["tallied"], state["rules"]  # a rule keeps what was once said of it
    return state


def _consistent(made: World) -> None:
    """What every table says of findings agrees."""
    findings = {row["id"]: row for row in made.rows("findings")}
    observations = made.rows("observations")
    said = {row["digest"] for row in observations}
    failing = {row["finding_id"] for row in observations if row["verdict"] == "fail"}
    assert failing <= set(findings)
    for row in findings.values():
        resting = {join["record"] for join in row["document"]["joins"]}
        assert resting
        assert (row["status"] == "fixed") == (row["closed_at"] is not None)
        if row["closed_at"] is None:
            assert resting <= said
    names = made.rows("finding_names")
    primary = {row["fingerprint"] for row in findings.values() if row["closed_at"] is None}
    assert primary <= {row["fingerprint"] for row in names}
    tallied = sum(row["count"] for row in made.rows("tallies"))
    assert tallied == len(findings)
    for kind in {row["what"] for row in made.rows("finding_history")}:
        assert kind in {"found", "changed", "closed", "reopened", "joined"}

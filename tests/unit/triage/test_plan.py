"""Upgrades: what they clear, how far they jump, what they leave, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.triage.build import IMAGE, findings, flaw, hit

from vigie.model.components import Component
from vigie.model.findings import Finding, Status
from vigie.model.observations import Fix, FixState, Kind, Observation
from vigie.model.results import Plan, Step
from vigie.model.severity import Severity
from vigie.triage.plan import plan
from vigie.triage.priority import prioritise
from vigie.triage.upgrades import PlanOptions


def ranked(*seen: Observation) -> list[Finding]:
    return [prioritise(f, IMAGE) for f in findings(*seen)]


def short(steps: Plan) -> list[tuple[str, str, str, int]]:
    return [(s.component.name, s.version, s.jump, len(s.clears)) for s in steps.steps]


def only(found: Plan) -> Step:
    (step,) = found.steps
    return step


def test_one_step_for_a_package_clears_all_its_fixable_findings() -> None:
    found = ranked(
        flaw("CVE-2024-1", "a", "1.0.0", kind="npm", fixed=("1.2.0",)),
        flaw("CVE-2024-2", "a", "1.0.0", kind="npm", fixed=("1.10.0",)),
        flaw("CVE-2024-3", "b", "1.0.0", kind="npm", fixed=("2.0.0",)),
        flaw("CVE-2024-4", "c", "1.0.0", kind="npm"),
        hit("R1", "x.py", 1),
    )
    made = plan(found)
    assert short(made) == [("a", "1.10.0", "minor", 2), ("b", "2.0.0", "major", 1)]
    assert len(made.left) == 2
    assert {one.code for one in made.remains} == {"fix_unknown", "not_a_package"}
    assert made.outlook is not None
    assert (made.outlook.before.total, made.outlook.after.total) == (5, 2)
    assert made.outlook.after.by_severity[Severity.MEDIUM] == 1
    assert str(made.steps[0].action) == "Upgrade a from 1.0.0 to 1.10.0"


def test_the_lowest_version_that_clears_the_most_is_offered() -> None:
    # 2.0.7 has the second fix and 1.26.18 has not: a lower version would leave it.
    made = plan(
        ranked(
            flaw("CVE-1", "urllib3", "1.25.0", fixed=("1.26.18", "2.0.6")),
            flaw("CVE-2", "urllib3", "1.25.0", fixed=("2.0.7",)),
            flaw("CVE-3", "urllib3", "1.25.0", fixed=("1.26.5",)),
        )
    )
    step = only(made)
    assert (step.version, step.jump, len(step.clears), made.left) == ("2.0.7", "major", 3, ())
    assert [(c.version, c.jump, c.clears) for c in step.choices] == [("1.26.18", "minor", 2)]


def test_a_fix_on_one_branch_is_none_on_another() -> None:
    found = ranked(
        flaw("CVE-1", "django", "3.2.1", fixed=("3.2.25", "4.2.11", "5.0.3")),
        flaw("CVE-2", "django", "3.2.1", fixed=("4.1.0",)),
    )
    # 4.1.0 is above 3.2.25 but its own line has the first fix in 4.2.11 only.
    step = only(plan(found))
    assert (step.version, len(step.clears)) == ("4.2.11", 2)


def test_a_shorter_jump_can_be_asked_for_and_the_longer_one_is_told() -> None:
    found = ranked(
        flaw("CVE-1", "a", "1.0.0", kind="npm", fixed=("1.0.5",)),
        flaw("CVE-2", "a", "1.0.0", kind="npm", fixed=("2.0.0",)),
    )
    made = plan(found, PlanOptions(longest="minor"))
    step = only(made)
    assert (step.version, step.jump, len(step.clears)) == ("1.0.5", "patch", 1)
    assert [(c.version, c.clears) for c in step.choices] == [("2.0.0", 2)]
    (left,) = made.remains
    assert (left.code, left.version) == ("too_far", "2.0.0")
    assert step.stays == made.remains
    assert plan(found, PlanOptions(longest="patch")).steps[0].version == "1.0.5"


def test_a_finding_is_cleared_only_when_every_copy_is() -> None:
    found = ranked(
        flaw(
            "CVE-1", "a", "1.0.0", kind="npm", path="x/package-lock.json", fixed=("1.2.0", "2.1.0")
        ),
        flaw(
            "CVE-1", "a", "2.0.0", kind="npm", path="y/package-lock.json", fixed=("1.2.0", "2.1.0")
        ),
    )
    step = only(plan(found))
    assert [(m.installed, m.version, m.paths) for m in step.moves] == [
        ("1.0.0", "1.2.0", ("x/package-lock.json",)),
        ("2.0.0", "2.1.0", ("y/package-lock.json",)),
    ]
    assert (step.version, step.jump, len(step.clears)) == ("2.1.0", "minor", 1)
    assert str(step.action) == "Upgrade a: 1.0.0 → 1.2.0, 2.0.0 → 2.1.0"
    # The second copy cannot be mended: nothing is cleared, so nothing is offered.
    broken = ranked(
        flaw("CVE-1", "a", "1.0.0", kind="npm", fixed=("1.2.0",)),
        flaw("CVE-1", "a", "3.0.0", kind="npm", fixed=("1.2.0",)),
    )
    made = plan(broken)
    assert made.steps == ()
    assert [str(one.reason) for one in made.remains] == [
        "no fixed version is named for every copy of it"
    ]


def test_copies_of_one_line_go_to_one_version() -> None:
    step = only(
        plan(
            ranked(
                flaw("CVE-1", "a", "1.0.0", kind="npm", fixed=("1.2.0",)),
                flaw("CVE-2", "a", "1.3.0", kind="npm", fixed=("1.4.0",)),
            )
        )
    )
    assert {m.installed: m.version for m in step.moves} == {"1.0.0": "1.4.0", "1.3.0": "1.4.0"}


def test_a_source_package_of_a_distribution_is_one_action() -> None:
    made = plan(
        ranked(
            flaw("CVE-1", "libssl3", "3.0.11-1", kind="deb", source="openssl", fixed=("3.0.13-1",)),
            flaw("CVE-1", "openssl", "3.0.11-1", kind="deb", source="openssl", fixed=("3.0.13-1",)),
            flaw("CVE-2", "libssl3", "3.0.11-1", kind="deb", source="openssl", fixed=("3.0.14-1",)),
            flaw("CVE-3", "zlib1g", "1:1.2", kind="deb", source="zlib",
                 fix=Fix(FixState.WILL_NOT_FIX)),
        )
    )  # fmt: skip
    step = only(made)
    assert (step.version, step.jump, len(step.clears)) == ("3.0.14-1", "patch", 2)
    assert step.packages == ("libssl3", "openssl")
    assert [one.code for one in made.remains] == ["will_not_fix"]


def test_a_version_that_is_itself_vulnerable_is_not_chosen() -> None:
    found = ranked(
        flaw("CVE-1", "a", "1.0.0", kind="npm", fixed=("1.2.0",)),
        flaw("CVE-2", "a", "1.0.0", kind="npm", fixed=("1.1.0",)),
    )
    known = {"1.2.0": {"CVE-9"}, "1.1.0": {"CVE-1"}}

    def still(component: Component, version: str) -> set[str]:
        assert component.name == "a"
        return known.get(version, set())

    options = PlanOptions(still_affected=still)
    step = only(plan(found, options))
    assert (step.version, step.still_known) == ("1.2.0", ("CVE-9",))
    made = plan(found, options)
    assert made.outlook is not None
    assert made.outlook.after.total == 1
    assert made.outlook.after.by_severity[Severity.UNKNOWN] == 1
    # Knowing which versions exist, one without any advisory is found.
    there = replace(options, available=lambda _: ["1.0.0", "1.1.0", "1.2.0", "1.3.0-rc.1", "1.2.1"])
    step = only(plan(found, there))
    assert (step.version, step.still_known) == ("1.2.1", ())


def test_what_an_advisory_says_outweighs_what_a_scanner_calls_fixed() -> None:
    found = ranked(flaw("CVE-1", "a", "1.0.0", kind="npm", fixed=("1.2.0",)))
    made = plan(found, PlanOptions(still_affected=lambda _c, _v: {"CVE-1"}))
    assert made.steps == ()
    assert [one.code for one in made.remains] == ["newer_known"]


def test_a_version_that_does_not_exist_gives_way_to_the_next_that_does() -> None:
    found = ranked(flaw("CVE-1", "a", "1.0.0", kind="npm", fixed=("1.2.0",)))
    step = only(
        plan(found, PlanOptions(available=lambda _: ["1.0.0", "1.2.1-beta.1", "1.2.2", "2.0.0"]))
    )
    assert step.version == "1.2.2"
    made = plan(found, PlanOptions(available=lambda _: ["1.0.0"]))
    assert [one.code for one in made.remains] == ["unavailable"]
    assert only(plan(found, PlanOptions(available=lambda _: None))).version == "1.2.0"


def test_settled_findings_are_not_planned_for() -> None:
    found = [replace(f, status=Status.SUPPRESSED) for f in ranked(flaw("CVE-1", fixed=("2.0",)))]
    made = plan(found)
    assert (made.steps, made.left) == ((), ())


def advised(rule: str, package: str, advice: str, fixed: tuple[str, ...] = ()) -> Observation:
    state = FixState.FIXED if fixed else FixState.NOT_FIXED
    return flaw(rule, package, "1.0.0", kind="npm", tool="snyk", fix=Fix(state, fixed, advice))


def test_advice_about_a_parent_spares_steps_and_has_its_name() -> None:
    found = ranked(
        advised("CVE-1", "a", "parent@2.0.0 -> parent@2.1.0", ("1.1.0",)),
        advised("CVE-2", "b", "parent@2.0.0 -> parent@2.3.0", ("1.1.0",)),
        advised("CVE-3", "c", "c@1.0.0 -> c@1.4.0"),
    )
    made = plan(found)
    assert short(made) == [("parent", "2.3.0", "minor", 2), ("c", "1.4.0", "minor", 1)]
    assert [step.source for step in made.steps] == ["snyk", "snyk"]
    assert made.left == ()


def test_advice_about_a_parent_is_not_taken_for_one_step_that_exists_anyway() -> None:
    found = ranked(advised("CVE-1", "a", "parent@2.0.0 -> parent@3.0.0", ("1.1.0",)))
    assert short(plan(found)) == [("a", "1.1.0", "minor", 1)]
    alone = ranked(advised("CVE-1", "a", "parent@2.0.0 -> parent@3.0.0"))
    assert short(plan(alone)) == [("parent", "3.0.0", "major", 1)]
    assert plan(alone, PlanOptions(longest="minor")).steps == ()


def test_a_parent_that_is_raised_anyway_takes_its_children_along() -> None:
    found = ranked(
        flaw("CVE-9", "parent", "2.0.0", kind="npm", fixed=("2.5.0",)),
        advised("CVE-1", "a", "parent@2.0.0 -> parent@2.1.0", ("1.1.0",)),
    )
    assert short(plan(found)) == [("parent", "2.5.0", "minor", 2)]
    far = ranked(
        flaw("CVE-9", "parent", "2.0.0", kind="npm", fixed=("2.5.0",)),
        advised("CVE-1", "a", "parent@2.0.0 -> parent@2.6.0", ("1.1.0",)),
    )
    assert [s[:2] for s in short(plan(far))] == [("a", "1.1.0"), ("parent", "2.5.0")]


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.VULNERABILITY])
def test_what_no_upgrade_mends_is_said_for_every_kind(kind: Kind) -> None:
    made = plan(ranked(hit("R1", "x.py", 1, kind=kind)))
    assert [one.code for one in made.remains] == ["not_a_package"]


versions = st.builds("{}.{}.{}".format, *[st.integers(0, 3)] * 3)
flaws = st.lists(
    st.tuples(st.sampled_from("abc"), versions, st.lists(versions, max_size=2)), max_size=8
)


@given(flaws)
def test_every_finding_is_cleared_by_one_step_or_left(
    said: Sequence[tuple[str, str, list[str]]],
) -> None:
    found = ranked(
        *(flaw(f"CVE-2024-{n}", name, at, kind="npm", fixed=tuple(fixed))
          for n, (name, at, fixed) in enumerate(said))
    )  # fmt: skip
    made = plan(found)
    cleared = [fingerprint for step in made.steps for fingerprint in step.clears]
    assert sorted([*cleared, *made.left]) == sorted(f.fingerprint for f in found)
    assert tuple(one.finding for one in made.remains) == made.left
    assert made.outlook is not None
    assert made.outlook.after.total == made.outlook.before.total - len(cleared) == len(made.left)
    assert all(step.clears for step in made.steps)
    assert made == plan(found)

"""Upgrades: what they clear and how far they jump."""

from __future__ import annotations

from tests.unit.triage.build import IMAGE, findings, flaw, hit

from vigie.triage.plan import plan
from vigie.triage.priority import prioritise


def test_one_step_for_a_package_clears_all_its_fixable_findings() -> None:
    found = [
        prioritise(f, IMAGE)
        for f in findings(
            flaw("CVE-2024-1", "a", "1.0.0", kind="npm", fixed=("1.2.0",)),
            flaw("CVE-2024-2", "a", "1.0.0", kind="npm", fixed=("1.10.0",)),
            flaw("CVE-2024-3", "b", "1.0.0", kind="npm", fixed=("2.0.0",)),
            flaw("CVE-2024-4", "c", "1.0.0", kind="npm"),
            hit("R1", "x.py", 1),
        )
    ]
    steps = plan(found)
    assert [(s.component.name, s.version, s.jump, len(s.clears)) for s in steps.steps] == [
        ("a", "1.10.0", "minor", 2),
        ("b", "2.0.0", "major", 1),
    ]
    assert len(steps.left) == 2

"""Policies, suppressions and corrections are read strictly, and errors say what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.model.findings import Decision
from vigie.model.observations import Kind
from vigie.model.policy import Unknown
from vigie.model.severity import Severity
from vigie.services.decisions import load_corrections, load_policy, load_suppressions, ready_made

POLICY = """
name: ours
block:
  - {name: now, decision: [act now, plan], kind: vulnerability, severity: high, epss: 0.2}
  - {name: licences, licence: ["AGPL-*"]}
require: {scanners: [trivy], database_age_days: 3}
unknown: block
waivers:
  - {id: W1, reason: later, owner: ops, expires: 2026-12-31, rule: CVE-2024-1}
priority:
  weights: {impact: 50}
"""

WAIVER = "name: x\nblock: []\nwaivers: [{id: W, "


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_key_of_a_policy_arrives(tmp_path: Path) -> None:
    got = load_policy(str(write(tmp_path, POLICY)))
    when = got.rules[0].when
    assert when.decisions == (Decision.ACT, Decision.PLAN)
    assert (when.kinds, when.severity, when.epss) == ((Kind.VULNERABILITY,), Severity.HIGH, 0.2)
    assert got.rules[1].when.licences == ("AGPL-*",)
    assert (got.require.scanners, got.require.database_age_days) == (("trivy",), 3)
    assert got.require.complete is True
    assert got.unknown is Unknown.BLOCK
    assert got.waivers[0].expires == "2026-12-31"
    assert got.priority.weights.impact == 50


def test_ready_made_policies_load() -> None:
    assert set(ready_made()) == {"strict", "balanced", "new-only"}
    for name in ready_made():
        got = load_policy(name)
        assert got.name == name
        assert got.rules
        assert got.require.complete


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "name: x\nblock: [{name: a}]",
        "name: x\nblock: [{name: a, severty: high}]",
        "name: x\nblock: [{name: a, severity: terrible}]",
        "name: x\nblock: [{name: a, severity: unknown}]",
        "name: x\nblock: [{name: a, epss: 7}]",
        f"{WAIVER}reason: r, owner: o, expires: someday, rule: X}}]",
        f"{WAIVER}reason: r, owner: o, expires: 2026-01-01}}]",
        f"{WAIVER}owner: o, expires: 2026-01-01, rule: X}}]",
        f"{WAIVER}reason: '', owner: o, expires: 2026-01-01, rule: X}}]",
        "a: [b: c",
        "name: x",
        "name: x\nblock: [{name: a, severity: high}]\nblock: []",
        "name: x\nblock: [{name: a, severity: high, severity: critical}]",
        "name: x\nblock: [{name: a, severity: high}, {name: a, kind: secret}]",
        "name: x\nblock: [{name: a, epss: .nan}]",
        "name: x\nblock: []\npriority: {weights: {impact: .inf}}",
        "name: x\nblock: []\npriority: {weights: {impact: .nan}}",
        "name: ' '\nblock: []",
        f"{WAIVER}reason: ' ', owner: o, expires: 2026-01-01, rule: X}}]",
        f"{WAIVER}reason: r, owner: o, expires: 2026-01-01T23:00:00Z, rule: X}}]",
        "name: x\nblock: []\ntool_suppressions: maybe",
        "name: x\nblock: []\n---\nname: y\nblock: []",
        "x" * (4 * 1024**2 + 1),
        "!!python/object/apply:os.system [ls]",
        "[" * 5000,
        b"\xff\xfe\x00",
    ],
)
def test_a_wrong_policy_is_one_line_and_a_hint(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(UserError) as caught:
        load_policy(str(write(tmp_path, text)))
    assert "\n" not in str(caught.value)
    assert str(caught.value.hint)


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_policy(str(tmp_path))


def test_keys_may_be_merged(tmp_path: Path) -> None:
    text = "name: x\nblock: [&a {name: a, kind: secret}, {<<: *a, name: b}]"
    assert [r.name for r in load_policy(str(write(tmp_path, text))).rules] == ["a", "b"]


def test_an_unknown_policy_lists_the_ready_made_ones() -> None:
    with pytest.raises(UserError) as caught:
        load_policy("strickt")
    assert "strict" in str(caught.value.hint)


def test_suppressions_need_reason_owner_and_expiry(tmp_path: Path) -> None:
    good = "suppressions: [{id: S1, reason: r, owner: o, expires: '2026-01-01', path: 'x/*'}]"
    assert load_suppressions(write(tmp_path, good))[0].expires == "2026-01-01"
    for missing in ("reason: r, ", "owner: o, ", "expires: '2026-01-01', "):
        with pytest.raises(UserError):
            load_suppressions(write(tmp_path, good.replace(missing, "")))


def test_corrections(tmp_path: Path) -> None:
    text = "join: [{findings: [aa, bb], reason: same}]\nsplit: [{findings: [cc], tool: grype}]"
    join, split = load_corrections(write(tmp_path, text))
    assert (join.action, join.fingerprints) == ("join", ("aa", "bb"))
    assert (split.action, split.tool) == ("split", "grype")

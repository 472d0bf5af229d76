"""Taking reports in: what is found, closed, reopened, and what nothing changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import (
    CODE,
    SHOP,
    flaw,
    package,
    reading,
    secret,
    weakness,
)
from tests.unit.services.recording.world import SEEN_AGAIN, World, world

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.errors import UserError
from vigie.model.findings import Decision
from vigie.model.observations import Claim, Kind, Stance, Verdict
from vigie.model.runs import Coverage, Outcome
from vigie.model.severity import Severity
from vigie.ports.feeds import KevEntry, Knowledge
from vigie.services.failures import NotFound
from vigie.services.recording import RecordOptions, record
from vigie.services.recording.record import judge_anew
from vigie.stores.relational.ids import new_id


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    return world(store, tmp_path)


BOTH = (flaw("trivy", "CVE-2024-0001", fixed="1.1"), flaw("trivy", "CVE-2024-0002", "right-pad"))


def test_a_first_report_makes_the_asset_its_findings_and_what_it_holds(acme: World) -> None:
    recorded = acme.record(reading("trivy", *BOTH, package("trivy", "idle")))
    [asset] = acme.rows("assets")
    assert (asset["kind"], asset["key"]) == ("image", "image:registry.example/shop")
    assert asset["looked_at"] == asset["last_seen"] == acme.clock.now
    finding = acme.finding("CVE-2024-0001")
    assert (finding["status"], finding["counts"], finding["severity"]) == (
        "open", True, Severity.HIGH,
    )  # fmt: skip
    assert (finding["fixable"], finding["fix_version"]) == (True, "1.1")
    assert finding["place"] == "node_modules/left-pad/package.json"
    assert acme.history("CVE-2024-0001") == ["found"]
    assert {row["name"] for row in acme.rows("components")} == {"left-pad", "right-pad", "idle"}
    assert len(acme.rows("asset_components")) == 3
    assert [(row["count"], row["fixable"]) for row in acme.rows("tallies")] in (
        [(1, True), (1, False)], [(1, False), (1, True)],
    )  # fmt: skip
    assert recorded.total("new") == 2
    [event] = acme.events("finding.new")
    assert (event["subject_id"], event["severity"]) == (asset["id"], "high")
    assert event["document"]["count"] == 2
    assert set(event["document"]["findings"]) == {f["id"] for f in acme.rows("findings")}
    [entry] = [row for row in acme.rows("audit") if row["action"] == "import.record"]
    assert (entry["detail"]["new"], entry["actor"]) == (2, "worker")


def test_the_same_report_ten_times_changes_nothing_but_when_it_was_seen(acme: World) -> None:
    told = [
        reading("trivy", *BOTH, package("trivy", "idle", type="deb", source_name="src")),
        reading("bandit", weakness("bandit", "B602", "a.py", 3), asset=CODE),
        reading("gitleaks", secret("gitleaks", ".env", 1, value_hash="ab" * 20), asset=CODE),
    ]
    acme.record(*told)
    before = acme.all(SEEN_AGAIN)
    first = acme.finding("CVE-2024-0001")
    for _ in range(10):
        recorded = acme.record(*told)
        assert {n: recorded.total(n) for n in ("new", "reopened", "closed", "changed")} == {
            "new": 0, "reopened": 0, "closed": 0, "changed": 0,
        }  # fmt: skip
    assert acme.all(SEEN_AGAIN) == before
    assert acme.finding("CVE-2024-0001")["last_seen"] == acme.clock.now > first["last_seen"]
    assert all(row["last_seen"] == acme.clock.now for row in acme.rows("observations"))
    assert sum(row["latest"] for row in acme.rows("runs")) == 3
    assert len(acme.events("finding.new")) == 2
    assert len(acme.events("import.finished")) == 11


def test_a_complete_run_that_no_longer_reports_it_closes_it(acme: World) -> None:
    acme.record(reading("trivy", *BOTH))
    recorded = acme.record(reading("trivy", BOTH[0]))
    closed = acme.finding("CVE-2024-0002")
    assert recorded.total("closed") == 1
    assert (closed["status"], closed["counts"], closed["closed_at"]) == (
        "fixed", False, acme.clock.now,
    )  # fmt: skip
    assert acme.history("CVE-2024-0002") == ["found", "closed"]
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    [event] = acme.events("finding.closed")
    assert event["document"]["findings"] == [closed["id"]]


@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.FAILED])
def test_a_run_that_was_not_complete_closes_nothing(acme: World, outcome: Outcome) -> None:
    acme.record(reading("trivy", *BOTH, package("trivy", "idle")))
    recorded = acme.record(reading("trivy", outcome=outcome))
    assert recorded.total("closed") == 0
    assert {row["status"] for row in acme.rows("findings")} == {"open"}
    assert len(acme.rows("observations")) == 2
    assert len(acme.rows("asset_components")) == 3


def test_of_two_runs_of_a_tool_both_must_be_complete(acme: World) -> None:
    acme.record(reading("trivy", *BOTH))
    acme.record(reading("trivy", BOTH[0]), reading("trivy", outcome=Outcome.FAILED))
    assert acme.finding("CVE-2024-0002")["status"] == "open"
    acme.record(reading("trivy", BOTH[0]), reading("trivy"))
    assert acme.finding("CVE-2024-0002")["status"] == "fixed"


def test_another_tool_that_looks_and_is_silent_closes_nothing(acme: World) -> None:
    acme.record(reading("trivy", *BOTH))
    acme.record(reading("grype"))
    assert {row["status"] for row in acme.rows("findings")} == {"open"}
    document = acme.finding("CVE-2024-0001")["document"]
    assert document["agreement"]["silent"] == ["grype"]


def test_it_stays_open_while_one_of_its_tools_says_it(acme: World) -> None:
    acme.record(reading("trivy", *BOTH), reading("grype", flaw("grype", "CVE-2024-0001")))
    acme.record(reading("trivy"))
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    assert acme.finding("CVE-2024-0001")["sources"] == ["grype"]
    assert acme.finding("CVE-2024-0002")["status"] == "fixed"
    acme.record(reading("grype"))
    assert acme.finding("CVE-2024-0001")["status"] == "fixed"


def test_a_run_over_another_asset_closes_nothing_here(acme: World) -> None:
    acme.record(reading("trivy", *BOTH))
    acme.record(reading("trivy", asset=CODE))
    assert {row["status"] for row in acme.rows("findings")} == {"open"}
    assert len(acme.rows("assets")) == 2


def test_a_run_that_does_not_look_for_a_kind_does_not_close_it(acme: World) -> None:
    acme.record(reading("trivy", BOTH[0], weakness("trivy", "X1", "a.py", 1)))
    only = Coverage(frozenset({Kind.VULNERABILITY}))
    acme.record(reading("trivy", coverage=only))
    assert acme.finding("CVE-2024-0001")["status"] == "fixed"
    assert acme.finding("X1")["status"] == "open"


def test_what_comes_back_is_reopened_with_its_history(acme: World) -> None:
    acme.record(reading("trivy", *BOTH))
    first = acme.finding("CVE-2024-0002")
    acme.record(reading("trivy", BOTH[0]))
    recorded = acme.record(reading("trivy", *BOTH))
    again = acme.finding("CVE-2024-0002")
    assert recorded.total("reopened") == 1
    assert (again["id"], again["first_seen"]) == (first["id"], first["first_seen"])
    assert (again["status"], again["counts"], again["closed_at"]) == ("open", True, None)
    assert again["reopened"] == 1
    assert acme.history("CVE-2024-0002") == ["found", "closed", "reopened"]
    [event] = acme.events("finding.reopened")
    assert event["document"]["findings"] == [first["id"]]


def test_a_changed_severity_and_fix_are_told_in_the_history(acme: World) -> None:
    acme.record(reading("trivy", BOTH[1]))
    worse = flaw(
        "trivy", "CVE-2024-0002", "right-pad", severity=Severity.CRITICAL, fixed="2.0"
    )  # fmt: skip
    recorded = acme.record(reading("trivy", worse))
    assert (recorded.total("changed"), recorded.total("new")) == (1, 0)
    finding = acme.finding("CVE-2024-0002")
    assert (finding["severity"], finding["fix_version"]) == (Severity.CRITICAL, "2.0")
    [row] = [row for row in acme.rows("finding_history") if row["what"] == "changed"]
    assert row["document"]["severity"] == {"from": "high", "to": "critical"}
    assert row["document"]["fix"] == {"from": "", "to": "2.0"}
    assert len(acme.rows("observations")) == 1


def test_a_partial_run_in_other_words_holds_instead_of_the_older_words(acme: World) -> None:
    acme.record(reading("trivy", *BOTH))
    milder = flaw("trivy", "CVE-2024-0002", "right-pad", severity=Severity.LOW)
    acme.record(reading("trivy", milder, outcome=Outcome.PARTIAL))
    assert acme.finding("CVE-2024-0002")["severity"] is Severity.LOW
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    assert len(acme.rows("observations")) == 2


@pytest.mark.parametrize("tag", ["registry.example/shop:2.0", "registry.example/shop@sha256:aa"])
def test_a_new_tag_is_the_same_asset(acme: World, tag: str) -> None:
    acme.record(reading("trivy", *BOTH))
    acme.record(reading("trivy", *BOTH, asset=Asset(AssetKind.IMAGE, tag)))
    [asset] = acme.rows("assets")
    assert asset["name"] == tag
    assert acme.history("CVE-2024-0001") == ["found"]


def test_the_same_contents_under_another_name_are_the_same_asset(acme: World) -> None:
    layers = frozenset({"layers:sha256:" + "a" * 64})
    acme.record(reading("trivy", *BOTH, asset=Asset(AssetKind.IMAGE, "shop:1.0", layers)))
    acme.record(reading("trivy", *BOTH, asset=Asset(AssetKind.IMAGE, "prod/shop:1.0", layers)))
    assert len(acme.rows("assets")) == 1
    assert acme.history("CVE-2024-0001") == ["found"]
    acme.record(reading("trivy", *BOTH, asset=Asset(AssetKind.IMAGE, "prod/shop:2.0")))
    assert len(acme.rows("assets")) == 1


def test_an_asset_known_by_its_digest_alone_becomes_one_with_the_named(acme: World) -> None:
    digest = "manifest:sha256:" + "b" * 64
    bare = Asset(AssetKind.IMAGE, "sha256:" + "b" * 64, frozenset({digest}))
    acme.record(reading("clair", flaw("clair", "CVE-2024-0001"), asset=bare))
    acme.record(reading("trivy", *BOTH, asset=SHOP))
    assert len(acme.rows("assets")) == 2
    both = Asset(AssetKind.IMAGE, SHOP.name, frozenset({digest}))
    acme.record(reading("trivy", *BOTH, asset=both))
    [asset] = acme.rows("assets")
    assert asset["key"] == "image:registry.example/shop"
    assert acme.finding("CVE-2024-0001")["sources"] == ["clair", "trivy"]
    assert "joined" in acme.history("CVE-2024-0001")
    assert sum(row["count"] for row in acme.rows("tallies")) == 2
    assert [r["action"] for r in acme.rows("audit")].count("asset.unite") == 1
    acme.record(reading("trivy"), reading("clair", asset=bare))
    assert {row["status"] for row in acme.rows("findings")} == {"fixed"}


def test_two_named_assets_stay_two_though_their_contents_meet(acme: World) -> None:
    layers = frozenset({"layers:sha256:" + "a" * 64})
    acme.record(reading("trivy", asset=Asset(AssetKind.IMAGE, "shop:1.0", layers)))
    acme.record(reading("trivy", asset=Asset(AssetKind.IMAGE, "other:1.0")))
    acme.record(reading("trivy", asset=Asset(AssetKind.IMAGE, "other:1.1", layers)))
    assert len(acme.rows("assets")) == 2


def test_two_versions_in_one_report_are_two_assets(acme: World) -> None:
    one = Asset(AssetKind.IMAGE, "shop:1.0", frozenset({"layers:sha256:" + "a" * 64}))
    two = Asset(AssetKind.IMAGE, "shop:2.0", frozenset({"layers:sha256:" + "b" * 64}))
    for _ in range(2):
        acme.record(reading("trivy", *BOTH, asset=one), reading("trivy", BOTH[0], asset=two))
    assert {row["key"] for row in acme.rows("assets")} == {"image:shop:1.0", "image:shop:2.0"}
    assert len(acme.rows("findings")) == 3


def test_a_finding_is_recognised_when_another_tool_gives_it_another_name(acme: World) -> None:
    acme.record(reading("osv", flaw("osv", "GHSA-aaaa-bbbb-cccc")))
    first = acme.rows("findings")[0]
    named = flaw("trivy", "CVE-2024-0009", aliases=("GHSA-aaaa-bbbb-cccc",))
    acme.record(reading("trivy", named))
    [finding] = acme.rows("findings")
    assert finding["id"] == first["id"]
    assert finding["fingerprint"] != first["fingerprint"]
    assert finding["sources"] == ["osv", "trivy"]
    acme.record(reading("trivy"))
    [finding] = acme.rows("findings")
    assert (finding["id"], finding["status"]) == (first["id"], "open")
    assert finding["fingerprint"] == first["fingerprint"]


def test_two_findings_that_turn_out_to_be_one_become_one_with_both_histories(acme: World) -> None:
    acme.record(reading("osv", flaw("osv", "GHSA-aaaa-bbbb-cccc")))
    acme.record(reading("grype", flaw("grype", "CVE-2024-0009")))
    assert len(acme.rows("findings")) == 2
    recorded = acme.record(
        reading("trivy", flaw("trivy", "CVE-2024-0009", aliases=("GHSA-aaaa-bbbb-cccc",)))
    )
    assert (recorded.total("closed"), recorded.total("new")) == (0, 0)
    [finding] = acme.rows("findings")
    assert finding["sources"] == ["grype", "osv", "trivy"]
    assert [row["what"] for row in acme.rows("finding_history")].count("found") == 2
    assert {row["finding_id"] for row in acme.rows("finding_names")} == {finding["id"]}
    assert all(row["finding_id"] == finding["id"] for row in acme.rows("observations"))


def test_a_tools_own_suppression_decides_while_no_other_tool_contradicts(acme: World) -> None:
    claim = Claim(Stance.SUPPRESSED, statement="nosec")
    acme.record(reading("bandit", weakness("bandit", "B1", "a.py", 1)))
    said = weakness("bandit", "B1", "a.py", 1)
    acme.record(reading("bandit", replace(said, claim=claim)))
    finding = acme.finding("B1")
    assert (finding["status"], finding["counts"]) == ("suppressed", False)
    assert acme.history("B1") == ["found", "changed"]
    assert acme.events("finding.closed") == []


def test_a_secret_is_kept_without_what_could_be_tried_against_it(acme: World) -> None:
    value_hash = "cd" * 20
    acme.record(
        reading("gitleaks", secret("gitleaks", ".env", 3, value_hash=value_hash), asset=CODE)
    )
    assert value_hash not in repr(acme.all())
    first = acme.finding("generic-api-key")
    acme.record(
        reading("gitleaks", secret("gitleaks", ".env", 9, value_hash=value_hash), asset=CODE)
    )
    again = acme.finding("generic-api-key")
    assert (again["id"], again["fingerprint"]) == (first["id"], first["fingerprint"])
    other = secret("gitleaks", ".env", 9, value_hash="ef" * 20)
    recorded = acme.record(reading("gitleaks", other, asset=CODE))
    assert (recorded.total("new"), recorded.total("closed")) == (1, 1)


def test_code_that_was_scanned_in_another_folder_is_the_same_finding(acme: World) -> None:
    for folder in ("/builds/1/shop", "/builds/2/shop"):
        asset = Asset(AssetKind.REPOSITORY, folder)
        said = weakness("bandit", "B1", f"{folder}/src/a.py", 4, anchor="x")
        acme.record(reading("bandit", said, asset=asset))
    [finding] = acme.rows("findings")
    assert finding["place"] == "src/a.py:4"
    assert acme.history("B1") == ["found"]
    assert len(acme.rows("observations")) == 1


def test_what_an_asset_holds_goes_when_no_tool_lists_it_any_more(acme: World) -> None:
    acme.record(
        reading("syft", package("syft", "one"), package("syft", "two")),
        reading("trivy", package("trivy", "one")),
    )
    acme.record(reading("syft", package("syft", "two", "2.0")))
    held = {c["id"]: (c["name"], c["version"]) for c in acme.rows("components")}
    now = {held[r["component_id"]]: r["sources"] for r in acme.rows("asset_components")}
    assert now == {("one", "1.0"): ["trivy"], ("two", "2.0"): ["syft"]}


def test_exposure_criticality_labels_and_owner_are_set_once_and_weigh(acme: World) -> None:
    acme.record(
        reading("trivy", BOTH[0]), exposure=Exposure.OPEN, criticality=Criticality.HIGH,
        labels={"team": "pay"}, owner="Ada",
    )  # fmt: skip
    [asset] = acme.rows("assets")
    assert (asset["exposure"], asset["criticality"], asset["owner"]) == ("open", "high", "Ada")
    assert [(r["key"], r["value"]) for r in acme.rows("asset_labels")] == [("team", "pay")]
    assert "team pay" in asset["search"]
    high = acme.finding("CVE-2024-0001")["score"]
    acme.record(reading("trivy", BOTH[0]), exposure=Exposure.SMALL, owner="Bob")
    [asset] = acme.rows("assets")
    assert (asset["exposure"], asset["owner"], asset["labels"]) == ("open", "Ada", {"team": "pay"})
    assert acme.finding("CVE-2024-0001")["score"] == high


def test_knowledge_raises_the_decision_and_judging_anew_does_so_too(acme: World) -> None:
    acme.record(reading("trivy", BOTH[0]))
    assert acme.finding("CVE-2024-0001")["decision"] is not Decision.ACT
    known = Knowledge(kev={"CVE-2024-0001": KevEntry("CVE-2024-0001")}, kev_date="2026-03-01")
    asset = acme.rows("assets")[0]["id"]
    judge_anew(acme.platform, acme.caller, asset, RecordOptions(knowledge=known))
    finding = acme.finding("CVE-2024-0001")
    assert (finding["kev"], finding["decision"]) == (True, Decision.ACT)
    assert acme.history("CVE-2024-0001") == ["found", "changed"]


def test_a_report_that_names_no_asset_needs_somebody_who_does(acme: World) -> None:
    with pytest.raises(UserError, match="does not say what it looked at"):
        acme.record(reading("bandit", weakness("bandit", "B1", "a.py", 1), asset=None))
    assert acme.rows("assets") == []
    acme.record(
        reading("bandit", weakness("bandit", "B1", "a.py", 1), asset=None), asset="repository:shop"
    )
    [asset] = acme.rows("assets")
    assert (asset["kind"], asset["name"]) == ("repository", "shop")
    acme.record(reading("bandit", asset=None), asset=asset["id"])
    assert acme.finding("B1")["status"] == "fixed"


def test_a_failed_run_counts_at_the_asset_of_the_others(acme: World) -> None:
    failed = reading("grype", outcome=Outcome.FAILED, asset=None)
    acme.record(reading("trivy", *BOTH), replace(failed, report=None))
    assert [(r["tool"], r["outcome"]) for r in acme.rows("runs")] == [
        ("trivy", "complete"), ("grype", "failed"),
    ]  # fmt: skip


def test_undecided_checks_are_kept_for_people_to_see_and_passed_ones_only_counted(
    acme: World,
) -> None:
    unsure = replace(weakness("kube-bench", "1.1.1", "", 0), verdict=Verdict.UNKNOWN)
    fine = replace(weakness("kube-bench", "1.1.2", "", 0), verdict=Verdict.PASS)
    acme.record(reading("kube-bench", unsure, fine))
    assert [row["verdict"] for row in acme.rows("observations")] == ["unknown"]
    assert acme.rows("findings") == []


def test_another_tenants_asset_cannot_be_named(store: Store, acme: World, tmp_path: Path) -> None:
    acme.record(reading("trivy", *BOTH))
    asset = acme.rows("assets")[0]["id"]
    before = acme.all()
    other = world(store, tmp_path / "other", "other")
    for name in (asset, new_id()):
        with pytest.raises(NotFound):
            other.record(reading("trivy"), asset=name)
        with pytest.raises(NotFound):
            judge_anew(other.platform, other.caller, name)
    other.record(reading("trivy", *BOTH))
    other.record(reading("trivy"))
    assert acme.all() == before
    assert {row["status"] for row in other.rows("findings")} == {"fixed"}


def test_an_import_that_was_cut_off_does_nothing_twice(acme: World) -> None:
    told = [
        reading("trivy", *BOTH),
        reading("bandit", weakness("bandit", "B1", "a", 1), asset=CODE),
    ]
    number = new_id()

    def cut(_fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(acme.platform, acme.caller, told, import_id=number, step=cut)
    assert len(acme.rows("assets")) == 1
    done = acme.all()
    recorded = acme.record(*told, import_id=number)
    assert recorded.total("new") == 3
    kept = [row for row in acme.rows("findings") if row["kind"] == "vulnerability"]
    assert kept == [row for row in done["findings"] if row["kind"] == "vulnerability"]
    assert len(acme.events("finding.new")) == 2
    assert len(acme.events("import.finished")) == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_rule_is_told_by_the_longer_words_whoever_came_first(
    acme: World, order: tuple[int, int]
) -> None:
    plain = flaw("trivy", "CVE-2024-0001")
    longer = replace(
        plain.rule, description="At much greater length. " * 9, references=("https://b.example",)
    )
    said = [plain, replace(plain, tool="grype", rule=longer)]
    for number in order:
        acme.record(reading(said[number].tool, said[number]))
    [rule] = acme.rows("rules")
    assert rule["document"]["description"] == longer.description
    assert rule["document"]["references"] == [
        "https://a.example/CVE-2024-0001", "https://b.example",
    ]  # fmt: skip
    assert "description" not in [
        k for k, v in acme.finding("CVE-2024-0001")["document"]["rule"].items() if v
    ]

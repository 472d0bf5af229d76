"""What a finding is about, in few words."""

from __future__ import annotations

from dataclasses import replace

from tests.plugs.sample_result import many, rich

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Absence, Agreement, Decision, Finding, Instance, Priority
from vigie.model.observations import FixState, Location, Rule
from vigie.model.runs import TargetAsset
from vigie.model.text import ENGLISH, T
from vigie.outlets.phrases.labels import decision_of
from vigie.outlets.phrases.subjects import (
    agreement_of,
    asset_names,
    fix_of,
    named,
    news_in,
    place,
    places_of,
    ranked,
    reasons_of,
    short,
    title_of,
    where_of,
)


def called(rule: str) -> Finding:
    return next(finding for finding in rich().findings if finding.rule.id == rule)


def test_the_undecided_stand_above_what_is_known_to_be_harmless() -> None:
    order = [decision_of(f) for f in ranked(reversed(rich().findings)) if f.status.counts]
    words = ["-" if decision is None else decision.value for decision in order]
    assert words == ["act now"] * 4 + ["plan"] * 3 + ["-"] + ["watch"] * 3 + ["accept"] * 2
    assert not any(f.status.counts for f in ranked(rich().findings)[-3:])


def test_the_score_orders_within_a_decision() -> None:
    scores = [f.priority.score for f in ranked(rich().findings)[:4] if f.priority]
    assert scores == sorted(scores, reverse=True)


def test_titles() -> None:
    plain = many(1).findings[0]
    assert title_of(plain) == "A flaw"
    assert title_of(replace(plain, rule=Rule("X"), message="said\nso")) == "said so"
    assert title_of(replace(plain, rule=Rule("X", title="X"))) == ""
    assert title_of(replace(plain, rule=Rule("X", title="X"), message="said")) == "said"


def test_a_title_is_how_the_text_begins_when_the_tool_gives_none() -> None:
    plain = replace(many(1).findings[0], message="")
    advisory = "### Impact\nA name is\nnot escaped.\n\nMore."
    assert title_of(replace(plain, rule=Rule("X", description=advisory))) == (
        "A name is not escaped."
    )
    long = replace(plain, rule=Rule("X", description="w" * 900))
    assert len(title_of(long)) == 200
    assert len(title_of(long, 0)) == 900


def test_a_message_is_news_only_when_its_rule_does_not_say_it() -> None:
    rule = Rule("X", title="A flaw", description="A long text")
    assert news_in("A flaw", rule) == news_in("A long text", rule) == news_in("", rule) == ""
    assert news_in("line 3 calls it", rule) == "line 3 calls it"


def test_assets_go_by_their_names_and_digests_are_cut_in_the_middle() -> None:
    digest = "sha256:" + "0123456789abcdef" * 4
    assert short(f"web@{digest}, b") == "web@sha256:01234567…89abcdef, b"
    assert short("release-20240101") == "release-20240101"
    nameless = TargetAsset("target", Asset(AssetKind.UNKNOWN, ""))
    names = asset_names(replace(rich(), assets=(nameless,)), ENGLISH)
    assert names == {"target": "target without a name"}


def test_places() -> None:
    assert place(Location(path="a.py", start_line=3)) == "a.py:3"
    assert place(Location(path="a.py")) == "a.py"
    assert place(Location(url="https://x")) == "https://x"
    assert place(Location(resource="arn:x")) == "arn:x"
    assert place(None) == place(Location()) == ""
    assert places_of(called("CVE-2021-44228"))[0] == "app/a b.jar"
    assert where_of(called("CVE-2021-44228"), ENGLISH) == "app/a b.jar and 2 more"


def test_a_package_of_a_distribution_is_where_its_binary_packages_are() -> None:
    database = Location(path="var/lib/dpkg/status")
    names = ("libssl3", "libssl-dev", "openssl")
    openssl = replace(
        called("CVE-2023-5678"),
        instances=tuple(Instance(name, "3", "", database) for name in names),
    )
    assert where_of(openssl, ENGLISH) == "libssl-dev and 1 more"


def test_fixes() -> None:
    assert fix_of(called("CVE-2021-44228"), ENGLISH) == "→ 2.17.1"
    assert fix_of(called("CVE-2023-5678"), ENGLISH) == "will not be fixed"
    assert fix_of(called("CVE-2099-0001"), ENGLISH) == "fix unknown"
    assert fix_of(called("B602"), ENGLISH) == ""
    later = replace(called("B602"), fix=replace(called("B602").fix, state=FixState.DEFERRED))
    assert fix_of(later, ENGLISH) == "fix deferred"


def test_agreement_counts_only_those_who_could_have_known() -> None:
    one = called("CVE-2023-5678")
    assert agreement_of(one, ENGLISH) == "1 of 1"
    absences = tuple(Absence(tool, knew, T("x")) for tool, knew in (("a", True), ("b", False)))
    assert agreement_of(replace(one, agreement=Agreement(("t",), (), absences)), ENGLISH) == (
        "1 of 2"
    )


def test_names_and_reasons() -> None:
    assert named(called("CVE-2099-0001").component) == "mystery"
    assert named(None) == ""
    first = called("CVE-2021-44228")
    assert reasons_of(first, ENGLISH, 1) == "known to be exploited (trivy)"
    assert reasons_of(first, ENGLISH).count(" · ") == 1
    assert reasons_of(replace(first, priority=None), ENGLISH) == ""
    unreasoned = Priority(Decision.ACT, 1, 1, 1)
    assert reasons_of(replace(first, priority=unreasoned), ENGLISH) == ""

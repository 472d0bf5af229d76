"""The plain layout: back without loss, true to its published schema, and no wrong shape in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plugs.sample_result import empty, french, many, rich

from vigie.model.components import Component
from vigie.model.errors import UserError
from vigie.model.findings import Finding, Priority
from vigie.model.observations import Kind, Location, Observation, Rule, Score, Signals
from vigie.model.plain import from_plain, sections, to_plain
from vigie.model.results import Choice, Counts, Result, Summary
from vigie.model.runs import Problem, ProblemCode, Run
from vigie.model.severity import Severity
from vigie.model.text import T, Text, Words
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.intake import read_paths
from vigie.wiring.plugs import REPORTS, Plugs

SCHEMA = json.loads(
    (files("vigie.catalog") / "schema" / "result-1.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

words = st.text(st.characters(codec="utf-8"), max_size=6)
said = st.dictionaries(words, words, max_size=3).map(lambda found: tuple(found.items()))
numbers = st.floats(allow_nan=False, allow_infinity=False)
flat = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | numbers | words


@st.composite
def texts(draw: st.DrawFn, depth: int = 0) -> Text:
    inner = flat if depth > 1 else flat | texts(depth + 1) | st.lists(flat, max_size=2).map(tuple)
    params = draw(st.dictionaries(st.sampled_from(["count", "x", "name"]), inner, max_size=3))
    literal = draw(words)
    if not params:
        return Text(literal)
    spelled = literal.replace("{", "{{").replace("}", "}}")
    template = spelled + "".join(f" {{{name}}}" for name in params)
    return Text(template, params, draw(st.sampled_from(["", template + "s"])))


counts = st.integers(0, 2**53)
dictionaries_of_counts = st.dictionaries(st.sampled_from(list(Severity)), counts)
st.register_type_strategy(Text, texts())
# JSON knows neither NaN nor integers without end.
for number_class, fields in (
    (Score, {"value": st.none() | numbers}),
    (Signals, dict.fromkeys(("epss", "epss_percentile", "tool_risk"), st.none() | numbers)),
    (Priority, dict.fromkeys(("score", "low", "high"), numbers)),
    (Location, dict.fromkeys(("start_line", "end_line", "start_column"), st.none() | counts)),
    (Run, dict.fromkeys(("records", "observations", "passed"), counts)),
    (Summary, {"total": counts, "fixable": counts, "suppressed": counts, "not_assessed": counts,
               "observations": counts, "by_severity": dictionaries_of_counts,
               "by_decision": st.just({}), "by_kind": st.just({})}),
    (Choice, {"clears": counts}),
    (Counts, {"total": counts, "by_severity": dictionaries_of_counts, "by_decision": st.just({})}),
    (Observation, {"severities": said}),
    (Finding, {"severities": said}),
):  # fmt: skip
    st.register_type_strategy(number_class, st.builds(number_class, **fields))
results = st.builds(Result, schema_version=st.just("1.0"))


def through_json(result: Result) -> Result:
    """Written with one library and read with another, as strangers do."""
    return from_plain(json.loads(msgspec.json.encode(to_plain(result, french().words))))


@pytest.mark.parametrize("result", [empty(), rich(), many(50)], ids=["empty", "rich", "many"])
def test_a_result_comes_back_as_it_was(result: Result) -> None:
    assert through_json(result) == result


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(results)
def test_any_result_comes_back_as_it_was(result: Result) -> None:
    assert through_json(result) == result


@pytest.mark.parametrize("result", [empty(), rich(), many(3)], ids=["empty", "rich", "many"])
def test_what_is_written_fits_the_published_schema(result: Result) -> None:
    VALIDATOR.check_schema(SCHEMA)
    VALIDATOR.validate(to_plain(result))
    VALIDATOR.validate(to_plain(result, french().words))


def test_an_observation_s_rule_says_only_what_its_finding_s_does_not() -> None:
    told = Rule("CVE-1", ("GHSA-1",), "A flaw", "Long words", ("https://a.example",))
    other = replace(told, id="GHSA-1", aliases=("CVE-1",), title="")
    found = replace(
        many(1).findings[0],
        rule=told,
        evidence=tuple(
            Observation("t", Kind.VULNERABILITY, rule, str(index))
            for index, rule in enumerate((told, other))
        ),
    )
    result = replace(empty(), findings=(found,), not_assessed=found.evidence)
    plain = to_plain(result)
    assert [said["rule"] for said in plain["findings"][0]["observations"]] == [
        {"id": "CVE-1"},
        {"id": "GHSA-1", "aliases": ["CVE-1"], "title": None},
    ]
    assert plain["not_assessed"][1]["rule"] == {
        "id": "GHSA-1",
        "aliases": ["CVE-1"],
        "description": "Long words",
        "references": ["https://a.example"],
    }
    VALIDATOR.validate(plain)
    assert through_json(result) == result


def test_a_file_that_tells_every_rule_in_full_is_still_read() -> None:
    plain = to_plain(rich())
    for found, finding in zip(plain["findings"], rich().findings, strict=True):
        for said, observation in zip(found["observations"], finding.evidence, strict=True):
            said["rule"] = {**found["rule"], **said["rule"]}
            assert said["rule"]["id"] == observation.rule.id
    assert from_plain(plain) == rich()


def test_inside_an_observation_only_what_was_said_is_written() -> None:
    said = Observation(
        "t", Kind.VULNERABILITY, Rule("CVE-1"), "1",
        component=Component("left-pad"), scores=(Score("nvd", value=7.5),), signals=Signals(0.5),
    )  # fmt: skip
    (plain,) = to_plain(replace(empty(), not_assessed=(said,)))["not_assessed"]
    assert plain == {
        "tool": "t", "kind": "vulnerability", "rule": {"id": "CVE-1"}, "record": "1",
        "component": {"name": "left-pad"}, "scores": [{"source": "nvd", "value": 7.5}],
        "signals": {"epss": 0.5},
    }  # fmt: skip


def test_the_same_sentence_is_not_one_object_twice() -> None:
    note = Problem(ProblemCode.NOTE, T("worth {x}", x="knowing"))
    first, second = to_plain(replace(empty(), problems=(note, note)))["problems"]
    first["message"]["en"] = "changed"
    assert second["message"]["en"] == "worth knowing"


MUTATIONS: dict[str, Callable[[Any], Any]] = {
    "no fingerprint": lambda p: p["findings"][0].pop("fingerprint"),
    "a key nobody knows": lambda p: p["findings"][0].update(extra=1),
    "a severity nobody knows": lambda p: p["findings"][0].update(severity="terrible"),
    "a kind nobody knows": lambda p: p["findings"][0].update(kind="bug"),
    "null for a list": lambda p: p["findings"][0].update(instances=None),
    "text for a number": lambda p: p["findings"][0]["priority"].update(score="99"),
    "a reason without words": lambda p: p["findings"][0]["priority"]["reasons"][0].pop("en"),
    "records as text": lambda p: p["runs"][0].update(records="12"),
    "no outcome": lambda p: p["runs"][0].pop("outcome"),
    "target as a list": lambda p: p.update(target=["x"]),
    "no summary": lambda p: p.pop("summary"),
    "an unknown decision counted": lambda p: p["summary"]["by_decision"].update(now=1),
    "a half-told location": lambda p: p["findings"][0]["instances"][0].update(location="x.py"),
    "yes for true": lambda p: p["findings"][0].update(new="yes"),
}


@pytest.mark.parametrize("mutate", MUTATIONS.values(), ids=MUTATIONS.keys())
def test_a_mutated_result_breaks_the_schema(mutate: Callable[[Any], Any]) -> None:
    plain = copy.deepcopy(to_plain(rich()))
    mutate(plain)
    assert not VALIDATOR.is_valid(plain)


# What a lenient reader can do without: an unknown key, counts, words that a template gives.
HARMLESS = ("a key nobody knows", "no summary", "a reason without words")


@pytest.mark.parametrize(
    "mutate",
    [mutate for name, mutate in MUTATIONS.items() if name not in HARMLESS],
)
def test_a_mutated_result_is_refused_with_its_place(mutate: Callable[[Any], Any]) -> None:
    plain = copy.deepcopy(to_plain(rich()))
    mutate(plain)
    with pytest.raises(UserError) as error:
        from_plain(plain)
    assert error.value.hint.template
    assert "not a whole Vigie result" in str(error.value)


def test_the_place_is_named() -> None:
    plain = to_plain(rich())
    plain["findings"][1]["priority"]["score"] = "high"
    with pytest.raises(UserError, match=r"findings\[1\]\.priority\.score should be a number"):
        from_plain(plain)


@pytest.mark.parametrize("version", ["2.0", "0.9", "10.1"])
def test_another_major_version_is_refused(version: str) -> None:
    with pytest.raises(UserError, match=f"layout {version}"):
        from_plain(to_plain(empty()) | {"schema_version": version})


@pytest.mark.parametrize("version", [None, 1, "", "one", "1"])
def test_a_file_without_a_version_is_no_result(version: object) -> None:
    with pytest.raises(UserError, match="not a Vigie result"):
        from_plain(to_plain(empty()) | {"schema_version": version})


def test_a_later_minor_version_is_read_and_its_news_ignored() -> None:
    plain = to_plain(rich()) | {"schema_version": "1.9", "weather": "fine"}
    plain["findings"][0]["mood"] = "calm"
    assert from_plain(plain).findings == rich().findings


def test_unknown_is_null_and_never_zero() -> None:
    finding = next(f for f in to_plain(rich())["findings"] if f["rule"]["id"] == "CVE-2099-0001")
    assert finding["priority"] is None
    assert finding["severity"] == "unknown"
    assert finding["component"]["version"] is None
    assert finding["component"]["purl"] is None
    assert finding["signals"]["epss"] is None
    assert finding["signals"]["kev"] is None
    assert finding["new"] is None
    assert finding["instances"][0]["path"] is None
    assert finding["fix"]["state"] == "unknown"


def test_the_layout_that_the_command_line_promises() -> None:
    plain = to_plain(rich())
    assert plain["target"] == "shop <web> & 'friends'"
    assert {"schema_version", "target", "runs", "problems", "summary", "plan"} <= set(plain)
    run = plain["runs"][1]
    wanted = {"tool", "format", "version", "database_date", "outcome", "records", "problems"}
    assert wanted <= set(run)
    assert run["records"] == run["observations"] + sum(bool(p["record"]) for p in run["problems"])
    first = plain["findings"][0]
    assert next(instance["path"] for instance in first["instances"]) == "app/a b.jar"
    assert first["severities"] == {"trivy": "Critical", "grype": "Critical"}
    assert first["fix"]["source"] == "trivy"
    assert len(first["observations"]) == 2


def test_a_reason_speaks_both_languages_and_keeps_its_template() -> None:
    spoken = Words("fr", {"known to be exploited ({word})": "exploitation connue ({word})"})
    reason = to_plain(rich(), spoken)["findings"][0]["priority"]["reasons"][0]
    assert reason == {
        "code": "sample-0",
        "en": "known to be exploited (trivy)",
        "fr": "exploitation connue (trivy)",
        "template": "known to be exploited ({word})",
        "params": {"word": "trivy"},
    }


def test_what_must_be_known_is_text_even_when_empty() -> None:
    plain = to_plain(Result("", ""))
    assert (plain["target"], plain["created"]) == ("", "")
    VALIDATOR.validate(plain)


def test_two_words_of_one_source_are_both_kept() -> None:
    twice = (("nvd", "High"), ("nvd", "Medium"), ("ghsa", ""))
    finding = replace(many(1).findings[0], severities=twice)
    result = replace(empty(), findings=(finding,))
    plain = to_plain(result)
    assert plain["findings"][0]["severities"] == {"nvd": ["High", "Medium"], "ghsa": None}
    VALIDATOR.validate(plain)
    assert from_plain(plain) == result


def test_the_huge_lists_are_made_lazily() -> None:
    parts = dict(sections(many(10)))
    assert next(parts["findings"])["fingerprint"] == many(10).findings[0].fingerprint
    assert next(iter(parts)) == "schema_version"


def test_findings_may_come_from_an_iterator() -> None:
    plain = to_plain(rich())
    assert from_plain(plain | {"findings": iter(plain["findings"])}) == rich()


@pytest.mark.parametrize(
    ("template", "params"),
    [
        ("{x.__class__}", {"x": 1}),
        ("{x[0]}", {"x": "ab"}),
        ("{x:>999999999}", {"x": 1}),
        ("{x:{x}}", {"x": 9}),
        ("{x:d}", {"x": "no number"}),
        ("{y}", {"x": 1}),
        ("{", {"x": 1}),
        ("{}", {"x": 1}),
    ],
)
def test_a_template_from_elsewhere_only_fills_its_params(
    template: str, params: dict[str, Any]
) -> None:
    plain = to_plain(rich())
    plain["problems"][0]["message"] = {"en": "x", "template": template, "params": params}
    with pytest.raises(UserError, match=r"problems\[0\]\.message should be a text"):
        from_plain(plain)


def test_texts_in_texts_have_an_end() -> None:
    text: dict[str, Any] = {"en": "x"}
    for _ in range(50):
        text = {"en": "x", "template": "{x}", "params": {"x": text}}
    plain = to_plain(rich())
    plain["problems"][0]["message"] = text
    with pytest.raises(UserError, match="should be a text"):
        from_plain(plain)


def test_a_text_with_an_odd_value_is_still_written() -> None:
    odd = Problem(ProblemCode.NOTE, T("{x} and {y}", x={1}, y=(T("one"), 2)))
    plain = to_plain(Result("x", "2025-01-01T00:00:00Z", problems=(odd,)))
    assert plain["problems"][0]["message"]["params"] == {"x": "{1}", "y": [{"template": "one"}, 2]}


@pytest.mark.corpus
def test_a_real_merge_comes_back_as_it_was_and_fits_the_schema(corpus: Path) -> None:
    readings = read_paths([corpus / "pairs" / "debian12-python"], Plugs(REPORTS))
    result = conclude(readings, ConcludeOptions(created="2025-01-01T00:00:00Z"))
    assert len(result.findings) > 50
    assert through_json(result) == result
    VALIDATOR.validate(to_plain(result, french().words))

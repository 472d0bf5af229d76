from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from tests.plugs.sample_result import empty, english, rich

from vigie.model.results import Result
from vigie.outlets.formats.junit import OUTLET


def suites(result: Result) -> Element:
    (part,) = OUTLET.render(result, english())
    return fromstring(b"".join(part.chunks))


def test_the_counts_are_those_of_the_elements() -> None:
    for result in (rich(), empty(), Result("x", "2025-01-01T00:00:00Z")):
        root = suites(result)
        for suite in (root, *root):
            assert int(suite.attrib["tests"]) == len(list(suite.iter("testcase")))
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert int(suite.attrib[name]) == len(list(suite.iter(tag))), suite.attrib["name"]


def test_findings_that_count_fail_and_the_others_are_skipped_with_the_reason() -> None:
    cases = {case.attrib["name"]: case for case in suites(rich()).iter("testcase")}
    assert cases["CVE-2023-5678 (libssl3 1:3.0.11-1~deb12u2)"].find("failure") is not None
    skipped = cases["CVE-2022-0004 (settled-4 4.0)"].find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"].startswith("false_positive <accepted>\nThe code is <never>")


def test_a_run_that_missed_something_is_an_error() -> None:
    errors = [error.attrib["message"] for error in suites(rich()).iter("error")]
    assert [message.partition(" ")[0] for message in errors] == ["grype", "semgrep"]
    clean = suites(empty())
    assert [case.attrib["name"] for case in clean.iter("testcase")] == [
        "bandit 1.8.0 examples/shop"
    ]
    assert clean.attrib["errors"] == "0"


def test_nothing_looked_at_is_an_error() -> None:
    (error,) = suites(Result("x", "2025-01-01T00:00:00Z")).iter("error")
    assert error.text == "Nothing was looked at."


def test_what_could_not_be_decided_did_not_pass() -> None:
    suite = next(s for s in suites(rich()) if s.attrib["name"] == "Not assessed")
    (skipped,) = suite.iter("skipped")
    assert "AccessDenied" in skipped.attrib["message"]

from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.observations import Kind, Observation, Verdict
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.nuclei import PARSER
from vigie.sources.reports.reading import read_document


def read(*results: dict[str, Any]) -> Report:
    text = "\n".join(map(json.dumps, results))
    (report,) = read_document(PARSER, document_from_bytes(text.encode()))
    return report


def observe(**fields: Any) -> Observation:
    result = {"template-id": "demo", "host": "https://a.example", "info": {}, **fields}
    return read(result).observations[0]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"template-id": "cve-2021-41773"}, Kind.VULNERABILITY),
        ({"info": {"classification": {"cve-id": "CVE-2021-41773"}}}, Kind.VULNERABILITY),
        ({"info": {"classification": {"cve-id": None}}}, Kind.WEAKNESS),
        ({"info": {"tags": "cve, misconfig"}}, Kind.MISCONFIGURATION),
        ({"info": {"tags": ["exposure"]}}, Kind.MISCONFIGURATION),
        ({"info": {"tags": ["xss"]}}, Kind.WEAKNESS),
    ],
)
def test_kind_follows_the_cve_then_the_tags(fields: dict[str, Any], kind: Kind) -> None:
    assert observe(**fields).kind is kind


def test_matchers_of_one_template_at_one_url_are_told_apart() -> None:
    nginx, apache = observe(**{"matcher-name": "nginx"}), observe(**{"matcher-name": "apache"})
    assert nginx.rule == apache.rule
    assert nginx.locations[0].anchor != apache.locations[0].anchor
    assert nginx == observe(**{"matcher-name": "nginx"})


def test_what_did_not_match_passed_and_what_failed_is_unknown() -> None:
    assert observe(**{"matcher-status": True}).verdict is Verdict.FAIL
    assert observe(**{"matcher-status": False}).verdict is Verdict.PASS
    assert observe(**{"matcher-status": False, "error": "timeout"}).verdict is Verdict.UNKNOWN


def test_what_was_extracted_or_sent_is_not_kept() -> None:
    seen = observe(**{"extracted-results": ["hunter2"], "request": "hunter2",
                      "response": "hunter2", "curl-command": "hunter2"})  # fmt: skip
    assert "hunter2" not in repr(seen)


def test_one_host_is_the_asset_of_the_report_and_two_are_not() -> None:
    here = {"template-id": "a", "info": {}, "host": "https://a.example/x"}
    there = {"template-id": "a", "info": {}, "host": "https://b.example"}
    one = read(here, {**here, "host": "https://A.example:443"})
    assert one.asset is not None and one.asset.name == "https://a.example"
    assert read(here, there).asset is None


def test_without_a_severity_it_stays_unknown() -> None:
    seen = observe()
    assert (seen.severity.value, seen.severity_said) == ("unknown", "")

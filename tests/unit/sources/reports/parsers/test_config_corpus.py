"""Real reports of web, configuration and cloud tools, against a count made without the parsers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.plugs.report_samples import PARSERS

from vigie.sources.reports.document import open_document
from vigie.sources.reports.reading import read_document

Count = Callable[[str], int]


def matches(pattern: str) -> Count:
    return lambda text: len(re.findall(pattern, text))


COUNTS: dict[str, Count] = {
    "zap": matches("<alertitem>"),
    "burp": matches("<issue>"),
    "nuclei": matches('"template-?(?:id|ID)"'),
    "checkov": matches('"check_id"'),
    "kics": matches('"similarity_id"'),
    "tfsec": matches('"rule_id"'),
    "kubescape": lambda text: sum(len(r["controls"]) for r in json.loads(text)["results"]),
    "prowler": matches('"event_code"'),
}


@pytest.mark.corpus
@pytest.mark.parametrize("name", COUNTS)
def test_records_are_as_many_as_counted_by_hand(name: str, corpus: Path) -> None:
    files = sorted((corpus / "reports" / name).iterdir())
    assert files
    for path in files:
        reports = read_document(PARSERS[name], open_document(path))
        assert sum(r.records for r in reports) == COUNTS[name](path.read_text(encoding="utf-8"))
        assert not any(p.record for r in reports for p in r.problems)

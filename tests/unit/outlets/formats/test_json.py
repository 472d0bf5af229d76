"""JSON: the plain layout, streamed."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.plugs.sample_result import empty, english, french, many, rich

from vigie.model.plain import from_plain, to_plain
from vigie.model.results import Result
from vigie.model.runs import Outcome, Run
from vigie.model.text import ENGLISH
from vigie.outlets.formats.json import OUTLET
from vigie.ports.outlets import View


def written(result: Result, view: View | None = None) -> bytes:
    (part,) = OUTLET.render(result, view or english())
    return b"".join(part.chunks)


def test_it_is_the_plain_layout() -> None:
    for result in (empty(), rich(), many(20)):
        assert json.loads(written(result)) == json.loads(json.dumps(to_plain(result)))
        assert from_plain(json.loads(written(result))) == result


def test_one_finding_stands_on_each_line() -> None:
    lines = written(many(30)).decode().splitlines()
    findings = [line for line in lines if line.startswith('{"fingerprint"')]
    assert len(findings) == 30
    assert json.loads(findings[0].rstrip(","))["kind"] == "vulnerability"


def test_both_languages_are_there_whatever_the_reader_speaks() -> None:
    every = (ENGLISH, french().words)
    in_english = written(rich(), View(languages=every))
    assert in_english == written(rich(), replace(french(), languages=every))
    reason = json.loads(in_english)["findings"][0]["priority"]["reasons"][0]
    assert set(reason) == {"code", "en", "fr", "template", "params"}


def test_it_comes_in_pieces_and_findings_one_at_a_time() -> None:
    (part,) = OUTLET.render(many(500), english())
    assert max(len(chunk) for chunk in part.chunks) < 1 << 20
    assert len(list(OUTLET.render(many(500), english()))) == 1


def test_a_path_that_is_no_utf8_does_not_stop_it() -> None:
    odd = replace(empty(), target="caf\udce9", runs=(Run("t", "f", Outcome.COMPLETE),))
    assert json.loads(written(odd))["target"] == "caf?"

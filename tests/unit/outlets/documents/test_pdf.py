"""PDF: what it says before it is set, and what is set: pages, bytes, hostile text."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from typing import Any

import pytest
from tests.plugs.sample_result import empty, english, french, many, rich

from vigie.model.errors import UserError
from vigie.model.observations import Rule
from vigie.model.results import Result
from vigie.outlets.documents.pdf import OUTLET, needs_more_fonts
from vigie.outlets.documents.pdf.content import MOST_FINDINGS, content
from vigie.outlets.documents.pdf.strings import breakable
from vigie.ports.outlets import View

pytest.importorskip("typst", reason="the extra 'pdf' is not installed")


def written(result: Result, view: View | None = None) -> bytes:
    (part,) = OUTLET.render(result, view or english())
    return b"".join(part.chunks)


def pages(data: bytes) -> int:
    """The count in the root of the page tree (ISO 32000-1, 7.7.3)."""
    return max(int(count) for count in re.findall(rb"/Type/Pages/Count (\d+)", data))


def said(result: Result, view: View | None = None) -> dict[str, Any]:
    return content(result, view or english())


@pytest.mark.parametrize("result", [empty(), rich(), many(300)], ids=["empty", "rich", "many"])
@pytest.mark.parametrize("view", [english(), french()], ids=["en", "fr"])
def test_it_is_a_pdf_and_the_same_each_time(result: Result, view: View) -> None:
    data = written(result, view)
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert written(result, view) == data
    assert b"D:20250304050607" in data


def test_a_clean_result_is_one_page() -> None:
    assert pages(written(empty())) <= 2
    assert pages(written(rich())) >= 4


def test_the_first_page_says_what_a_manager_asks() -> None:
    first = said(rich())
    assert first["headline"] == "4 findings need you today, and not everything was looked at."
    assert first["second"].endswith("What was not looked at is unknown, not safe.")
    assert first["whole"] is False
    assert [card["count"] for card in first["cards"]] == ["4", "3", "3", "2"]
    assert first["gate"]["outcome"] == "incomplete"
    assert first["changed"] == "1 is new since the baseline."
    subjects = [thing["subject"].split(" · ")[0] for thing in first["unseen"]]
    assert subjects[:2] == ["semgrep", "grype 0.87.0"]
    assert next(thing["id"] for thing in first["first"]) == "CVE-2021-44228"
    assert said(empty())["unseen"] == []
    assert said(empty())["second"] == "Everything that was asked for was looked at."
    assert said(empty())["whole"] is True


def test_the_bars_count_every_finding_that_counts() -> None:
    matrix = said(rich())["matrix"]
    total = sum(part["count"] for bar in matrix["bars"] for part in bar["parts"])
    assert total == 13
    assert matrix["most"] == 4


def test_everything_is_french_for_a_french_reader() -> None:
    page = said(rich(), french())
    assert page["headline"].startswith("4 constats demandent votre attention aujourd'hui")
    assert page["groups"][0]["word"] == "agir"
    assert page["groups"][0]["rows"][0]["score"] == "99,5"
    assert not [label for key, label in page["labels"].items()
                if label == said(rich())["labels"][key] and key not in
                ("score", "page", "observations", "scanner")]  # fmt: skip


def test_evidence_says_who_could_not_know() -> None:
    thing = next(t for t in said(rich())["evidence"] if t["id"] == "CVE-2023-5678")
    pairs = dict(thing["pairs"])
    assert pairs["Found by"] == ["trivy", "grype could not know: its database is too old"]
    assert pairs["Also known as"] == ["DSA-5532-1"]
    assert "References" not in pairs


def test_more_than_it_sets_is_counted() -> None:
    page = said(many(MOST_FINDINGS + 123))
    assert sum(len(group["rows"]) for group in page["groups"]) == MOST_FINDINGS
    assert page["more_findings"] == "… and 123 more; the other formats hold them all."
    assert said(many(5))["more_findings"] == ""


HOSTILE = '#panic("x") *b* _i_ $1/0$ `r` @ref <l> \\u{41} // c /* = h - l + e #import "/etc/passwd"'


def test_nothing_in_a_report_is_evaluated() -> None:
    rule = Rule(HOSTILE, (HOSTILE,), HOSTILE, HOSTILE, (HOSTILE,))
    finding = replace(rich().findings[0], rule=rule, message=HOSTILE)
    assert written(replace(rich(), target=HOSTILE, findings=(finding,))).startswith(b"%PDF-")
    assert said(replace(rich(), findings=(finding,)))["first"][0]["id"].replace(
        "\u200b", ""
    ) == HOSTILE.replace("\u200b", "")


def test_odd_strings_do_not_stop_it() -> None:
    for odd in ("", "\ud800", "\x00\x1b", "é" * 5000, "漢字 🛟", "\u202e"):
        assert written(replace(empty(), target=odd)).startswith(b"%PDF-")


def test_an_endless_name_does_not_fill_the_page() -> None:
    page = said(replace(empty(), target="x" * 5000))
    assert len(page["target"].replace("\u200b", "")) <= 160
    assert len(page["footer"]) <= 70


def test_an_unknown_time_of_creation_does_not_stop_it() -> None:
    assert written(replace(empty(), created="")).startswith(b"%PDF-")


def test_other_alphabets_ask_the_machine_for_fonts_and_ours_do_not() -> None:
    assert not needs_more_fonts(json.dumps("Équipe — « à » ◆ ▲ ■ ● ✓ → … Ω Ж", ensure_ascii=False))
    assert needs_more_fonts("漢字")
    assert not needs_more_fonts(json.dumps(said(many(3), french()), ensure_ascii=False))


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UserError) as error:
        list(OUTLET.render(empty(), english()))
    assert "pip install 'vigie[pdf]'" in str(error.value.hint)


def test_long_words_may_break_and_short_ones_stay_whole() -> None:
    assert breakable("requests 2.31.0", 20) == "requests 2.31.0"
    path = "/usr/local/lib/python3.8/site-packages"
    assert "\u200b" in breakable(path, 20)
    assert breakable(path, 20).replace("\u200b", "") == path
    digest = breakable("a" * 64, 20)
    assert max(len(piece) for piece in digest.split("\u200b")) <= 20

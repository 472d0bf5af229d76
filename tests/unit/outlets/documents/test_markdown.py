"""Markdown: fits a comment, says the worst first, and lets nothing in a report act."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from tests.plugs.sample_result import empty, english, french, many, rich

from vigie.model.findings import Status
from vigie.model.observations import Rule
from vigie.model.results import Result
from vigie.outlets.documents.markdown import LONGEST, OUTLET
from vigie.outlets.documents.markdown.escape import code, link, text
from vigie.ports.outlets import View

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def written(result: Result, view: View | None = None) -> str:
    (part,) = OUTLET.render(result, view or english())
    return b"".join(part.chunks).decode("utf-8")


def test_the_sentence_then_the_warning_then_the_gate_then_the_findings() -> None:
    page = written(rich())
    assert page.startswith(
        "## Vigie – 4 findings need you today, and not everything was looked at."
    )
    marks = ["[!WARNING]", "The gate cannot say yes", "| **act now** |", "CVE-2021-44228`]"]
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    assert re.search(r"\*\*semgrep\*\* `[^`]+` failed — it took longer than 600 s", page)
    assert "WARNING" not in written(empty())
    assert "WARNING" not in written(replace(empty(), runs=()))
    assert "it is unknown" in written(replace(empty(), runs=()))


def test_in_french() -> None:
    page = written(rich(), french())
    assert page.startswith("## Vigie – 4 constats demandent votre attention aujourd'hui, et tout")
    assert "| **agir** |" in page
    assert "99,5" in page


@pytest.mark.parametrize("count", [0, 9, 10, 11, 500, 3000])
def test_it_fits_a_comment_and_says_what_it_left_out(count: int) -> None:
    page = written(many(count))
    assert len(page.encode()) <= LONGEST
    listed = page.count("A flaw |")
    assert listed == count or f"… and {count - listed:,} more; the other formats" in page
    if count == 3000:
        assert len(page.encode()) > LONGEST - 2000
    assert page.count("<details>") == page.count("</details>")


def test_absurdly_long_names_still_fit() -> None:
    long = "é|`" * 20_000
    finding = replace(many(1).findings[0], rule=Rule(long, title=long, references=("http://x",)))
    settled = replace(finding, status=Status.SUPPRESSED)
    page = written(replace(rich(), target=long, findings=(finding,) * 200 + (settled,) * 200))
    assert len(page.encode()) <= LONGEST
    assert page.count("<details>") == page.count("</details>")


def test_the_tables_are_tables() -> None:
    html = MARKDOWN.render(written(rich()))
    rows = html.count("<tr>")
    assert html.count("<table>") == 6
    assert rows > 30
    assert "|---" not in html


def test_settled_findings_have_their_reason() -> None:
    page = written(rich())
    assert "vulnerable\\_code\\_not\\_in\\_execute\\_path" in page
    assert "Set aside (3)" in page


HOSTILE = [
    "- a", "1. x", "1) y", "# h", "<script>alert(1)</script>", "a | b", "**b** _c_ ~~x~~",
    "[x](http://e.example)", "![](http://e.example/x.png)", "&lt; &amp; &#64;", "`", "``a`",
    "> q", "===", "+ z", "<!-- x", "| a |", "$x$", "a\\*b", "\\", "---", "</details>",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_is_shown_as_it_is(hostile: str) -> None:
    for before, after in (("", ""), ("- ", ""), ("> ", "")):
        tokens = MARKDOWN.parse(f"{before}{text(hostile)}{after}")
        inner = [token for token in tokens if token.type == "inline"]
        assert len(inner) == 1
        children = inner[0].children or []
        assert {child.type for child in children} <= {"text", "text_special"}
        said = "".join(child.content for child in children).replace("\u2060", "")
        assert said == hostile


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_and_code_stay_inside_their_cell(hostile: str) -> None:
    table = f"| a | b |\n|---|---|\n| {text(hostile)} | {code(hostile)} |\n"
    tokens = MARKDOWN.parse(table)
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 2
    said = "".join(child.content for child in cells[1].children or [])
    assert said.strip() == hostile.strip()


@pytest.mark.parametrize("mention", ["@team", "#12", "!3", "~label", "%milestone", "x@y.example"])
def test_nobody_is_called_and_nothing_referenced(mention: str) -> None:
    assert mention not in text(f"see {mention}")
    assert "\u2060" in text(f"see {mention}")


@pytest.mark.parametrize("address", ["https://e.example", "http://e.example", "www.e.example"])
def test_no_address_becomes_a_link_by_itself(address: str) -> None:
    assert address not in text(f"see {address}")


def test_only_plain_addresses_are_linked() -> None:
    assert link("x", "https://a.example/b?c=d&e=(f)") == "[x](<https://a.example/b?c=d&e=(f)>)"
    for odd in ("javascript:alert(1)", "https://a b", "https://a>b", "", "https://a\nb", "//a"):
        assert link("x", odd) == "x"

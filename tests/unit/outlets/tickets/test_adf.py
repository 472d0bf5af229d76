"""Documents that Jira Cloud takes, out of any Markdown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tracker_servers.jira import is_document

from vigie.outlets.tickets._adf import LARGEST, document

MARKDOWN = st.text(alphabet="@ab`~\\\n >-*_|#[]()<!\t1.:/h", max_size=300)


def content(markdown: str) -> Any:
    return document(markdown)["content"]


def text(words: str, *marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})


@given(MARKDOWN)
def test_any_text_becomes_a_document_that_jira_takes(markdown: str) -> None:
    assert is_document(document(markdown))


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("a **b** `c`", [{"type": "paragraph", "content": [
            text("a "), text("b", {"type": "strong"}), text(" "), text("c", {"type": "code"})]}]),
        ("## h", [{"type": "heading", "attrs": {"level": 2}, "content": [text("h")]}]),
        ("```sh\nx\n```", [{"type": "codeBlock", "attrs": {"language": "sh"},
                            "content": [text("x")]}]),
        ("---", [{"type": "rule"}]),
        ("[a](https://b.example)", [{"type": "paragraph", "content": [
            text("a", {"type": "link", "attrs": {"href": "https://b.example"}})]}]),
        ("[a](javascript:x) <b>c</b> ![d](https://e.example)", None),
        ("- # h\n- > q\n- | a |\n  |-|\n  | b |", None),
        ("", []),
    ],
)  # fmt: skip
def test_each_kind_of_block_has_its_form(markdown: str, blocks: Any) -> None:
    made = document(markdown)
    assert is_document(made)
    if blocks is not None:
        assert made["content"] == blocks
    assert '"href": "javascript' not in json.dumps(made)


def test_html_is_shown_and_not_lost() -> None:
    (paragraph,) = content("<script>alert(1)</script>")
    assert paragraph["content"] == [text("<script>alert(1)</script>")]


def test_a_large_text_is_cut_between_its_blocks() -> None:
    made = document("# head\n\n" * 4000)
    assert is_document(made)
    assert (
        LARGEST - 200 < len(json.dumps(made, separators=(",", ":"), ensure_ascii=False)) <= LARGEST
    )
    assert made["content"][-1] == {"type": "paragraph", "content": [text("…")]}
    assert made["content"][-2]["type"] == "heading"

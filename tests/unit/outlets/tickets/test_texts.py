"""Texts that say what they should and do nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.outlets.tickets._texts import GFM, cut, one_line, plain, quiet, uncommanded

MARKDOWN = st.text(alphabet="@ab`~\\\n >-*|#[]()<\t1.", max_size=200)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("@all", "@\u200ball"),
        ("a@b", "a@\u200bb"),
        ("@ all", "@ all"),
        ("`@a`", "`@a`"),
        ("``@a`@b``", "``@a`@b``"),
        ("`@a", "`@\u200ba"),
        ("\\`@a`", "\\`@\u200ba`"),
        ("`a\n@b` @c", "`a\n@b` @\u200bc"),
        ("`a\n\n@b`", "`a\n\n@\u200bb`"),
        ("```\n@a\n```\n@b", "```\n@a\n```\n@\u200bb"),
        ("```@a\n@b", "```@\u200ba\n@b"),
        ("    @a", "    @a"),
        ("- x\n\n      @a", "- x\n\n      @a"),
        ("> ```\n> @a\n> ```", "> ```\n> @a\n> ```"),
        ("<div>\n`@a`\n</div>", "<div>\n`@a`\n</div>"),
        ("| `@a` | @b |\n|-|-|\n| @c | d |", "| `@a` | @\u200bb |\n|-|-|\n| @\u200bc | d |"),
        ("x\r\n@a\r@b", "x\n@\u200ba\n@\u200bb"),
    ],
)
def test_only_what_is_no_code_is_changed(written: str, sent: str) -> None:
    assert quiet(written, 1000) == sent


@given(MARKDOWN)
def test_nobody_is_mentioned_outside_code(text: str) -> None:
    sent = quiet(text, 10_000)
    for token in GFM.parse(sent):
        for child in token.children or []:
            if child.type == "text":
                assert "@a" not in child.content
                assert "@b" not in child.content
    assert sent.replace("\u200b", "") == plain(text)


@given(MARKDOWN)
def test_no_line_is_a_command(text: str) -> None:
    assert not any(line.startswith("/") for line in uncommanded(f"/{text}\n/").split("\n"))


@given(st.text(max_size=300), st.integers(40, 200))
def test_a_text_is_no_longer_than_it_may_be(text: str, most: int) -> None:
    sent = cut(text, most)
    assert len(sent) <= most
    assert sent == text or sent.endswith("…")


def test_code_that_is_cut_is_closed() -> None:
    sent = cut("````sh\n" + "line\n" * 100 + "````\nafter", 200)
    assert sent.endswith("line\n````\n\n…")
    assert cut("```\nx\n```\n" + "word " * 100, 200).count("```") == 2


@given(st.text(max_size=400))
def test_a_title_is_one_line(text: str) -> None:
    title = one_line(text, 50)
    assert 0 < len(title) <= 50
    assert len(title.splitlines()) == 1

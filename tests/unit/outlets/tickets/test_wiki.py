"""Wiki markup in which only what Vigie means acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.outlets.tickets._wiki import LARGEST, markup


@pytest.mark.parametrize(
    ("markdown", "wiki"),
    [
        ("# a\n\ntext **b** *c* ~~d~~ `e`", "h1. a\n\ntext *b* _c_ -d- {{e}}"),
        ("- a\n- b\n  1. c\n  2. d", "* a\n* b\n*# c\n*# d"),
        ("```\nx {code} y\n```", "{code}\nx {\u200bcode} y\n{code}"),
        ("> a\n>\n> b", "{quote}\na\n\nb\n{quote}"),
        ("| a | b |\n|---|---|\n| c | d |", "|| a || b ||\n| c | d |"),
        ("[a](https://b.example/c-d)", "[a|https://b.example/c-d]"),
        ("[a](ftp://b.example)", "a"),
        ("[a](javascript:x)", "\\[a\\](javascript:x)"),
        ("[a](https://b.example/|c)", "[a|https://b.example/%7Cc]"),
        ("https://a.example/b-c and 1.0-2", "https://a.example/b-c and 1.0\\-2"),
        ("\\[~admin] {color:red}x{color}", "\\[\\~admin\\] \\{color:red\\}x\\{color\\}"),
        ("\\!x.png!", "\\!x.png\\!"),
        ("h1. no heading", "h1&#46; no heading"),
        ("a\\\\b", "a&#92;b"),
        ("---", "----"),
        ("", ""),
    ],
)
def test_each_kind_of_text_has_its_form(markdown: str, wiki: str) -> None:
    assert markup(markdown) == wiki


@given(st.text(alphabet="ab{}[]*_~!|?-+^#\\\n `", max_size=200))
def test_no_macro_and_no_mention_begins_in_what_others_wrote(text: str) -> None:
    made = re.sub(r"\{code\}\n.*?\n\{code\}", "", markup(f"x {text}"), flags=re.DOTALL)
    made = made.replace("{quote}", "").replace("{{", "").replace("}}", "")
    assert not re.search(r"(?<!\\)[\[{]", made)


@pytest.mark.parametrize(
    ("markdown", "most"),
    [
        ("```\n" + "[~admin]\n" * 9000 + "```", 32_767),
        ("-" * 3 + "\n\n" + "_x_ " * 7000 + "\n\n```\n" + "[~admin]\n" * 9000, 32_767),
        ("> " + "[~admin] \\\n> " * 9000, 32_767),
        ("a~" * 40_000, 32_767),
        ("a\n\n" * 40_000, 32_767),
    ],
)
def test_a_large_text_is_cut_where_nothing_is_left_open(markdown: str, most: int) -> None:
    made = markup(markdown)
    assert len(made) <= most
    assert made.endswith("…") or len(made) > LARGEST - 100
    assert made.count("{code}") % 2 == 0
    assert made.count("{quote}") % 2 == 0
    outside = re.sub(r"\{code\}\n.*?\n\{code\}", "", made, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)\[~", outside)

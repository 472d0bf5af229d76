"""Markdown as an Atlassian document, which is how Jira Cloud takes text (ADF, version 1)."""

from __future__ import annotations

from typing import Any

import msgspec
from markdown_it.tree import SyntaxTreeNode

from vigie.outlets.tickets._texts import GFM, cut, plain

Node = dict[str, Any]

LARGEST = 32_000  # of 32,767 characters that a description may have, however it is counted
_LINKS = ("https://", "http://", "mailto:")
_MARKS = {"strong": "strong", "em": "em", "s": "strike"}
_LISTS = {"bullet_list": "bulletList", "ordered_list": "orderedList"}


def document(markdown: str) -> Node:
    """The document, cut to what Jira takes. Nothing in it mentions anybody: in this form that
    is a node of its own, never a text."""
    root = SyntaxTreeNode(GFM.parse(cut(plain(markdown), LARGEST)))
    content = _blocks(root, nested=False)
    room = LARGEST - len(msgspec.json.encode(_whole([_more()])))
    fitting: list[Node] = []
    for block in content:
        room -= len(msgspec.json.encode(block)) + 1
        if room < 0:
            return _whole([*fitting, _more()])
        fitting.append(block)
    return _whole(fitting)


def _more() -> Node:
    return _paragraph([_text("…")])


def _whole(content: list[Node]) -> Node:
    return {"version": 1, "type": "doc", "content": content}


def _text(text: str, marks: tuple[Node, ...] = ()) -> Node:
    return {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}


def _paragraph(content: list[Node]) -> Node:
    return {"type": "paragraph", "content": content}


def _blocks(parent: SyntaxTreeNode, *, nested: bool) -> list[Node]:
    """The blocks of a node. Inside lists and quotes ADF knows neither headings nor tables,
    quotes or lines: they become paragraphs there."""
    found: list[Node] = []
    for node in parent.children:
        found += _block(node, nested=nested)
    return found


def _block(node: SyntaxTreeNode, *, nested: bool) -> list[Node]:
    kind = node.type
    if kind == "paragraph":
        return [_paragraph(_inline(node))]
    if kind == "heading":
        if nested:
            return [_paragraph(_inline(node, ({"type": "strong"},)))]
        return [{"type": "heading", "attrs": {"level": int(node.tag[1])}, "content": _inline(node)}]
    if kind in _LISTS:
        items = [
            {"type": "listItem", "content": _led(_blocks(item, nested=True))}
            for item in node.children
        ]
        return [{"type": _LISTS[kind], "content": items}]
    if kind in ("fence", "code_block"):
        language = node.info.split()[0] if kind == "fence" and node.info.strip() else ""
        code: Node = {"type": "codeBlock", "attrs": {"language": language} if language else {}}
        text = node.content.removesuffix("\n")
        return [{**code, "content": [_text(text)]} if text else code]
    if kind == "blockquote":
        inner = _blocks(node, nested=True)
        return inner if nested or not inner else [{"type": "blockquote", "content": inner}]
    if kind == "hr":
        return [] if nested else [{"type": "rule"}]
    if kind == "table":
        return _table(node, nested=nested)
    return _blocks(node, nested=nested)


def _led(content: list[Node]) -> list[Node]:
    """The content of a list item, which begins with a paragraph or code."""
    if content and content[0]["type"] in ("paragraph", "codeBlock"):
        return content
    return [_paragraph([]), *content]


def _table(node: SyntaxTreeNode, *, nested: bool) -> list[Node]:
    rows = [row for part in node.children for row in part.children]
    if nested:
        return [_paragraph(_joined([_inline(cell) for cell in row.children])) for row in rows]
    kinds = {"th": "tableHeader", "td": "tableCell"}
    content = [
        {
            "type": "tableRow",
            "content": [
                {"type": kinds[cell.type], "content": [_paragraph(_inline(cell))]}
                for cell in row.children
            ],
        }
        for row in rows
    ]
    return [{"type": "table", "content": content}]


def _joined(cells: list[list[Node]]) -> list[Node]:
    line: list[Node] = []
    for index, cell in enumerate(cells):
        line += [_text(" | "), *cell] if index else cell
    return line


def _inline(block: SyntaxTreeNode, marks: tuple[Node, ...] = ()) -> list[Node]:
    return [
        one for inline in block.children for node in inline.children for one in _run(node, marks)
    ]


def _run(node: SyntaxTreeNode, marks: tuple[Node, ...]) -> list[Node]:
    kind = node.type
    if kind == "hardbreak":
        return [{"type": "hardBreak"}]
    if kind == "softbreak":
        return [_text(" ", marks)]
    if kind == "code_inline":
        links = tuple(mark for mark in marks if mark["type"] == "link")  # no other goes with code
        return [_text(node.content, ({"type": "code"}, *links))] if node.content else []
    if kind in _MARKS:
        more = {"type": _MARKS[kind]}
        return _runs(node, marks if more in marks else (*marks, more))
    if kind == "link":
        href = str(node.attrs.get("href", ""))
        if href.lower().startswith(_LINKS) and not any(mark["type"] == "link" for mark in marks):
            return _runs(node, (*marks, {"type": "link", "attrs": {"href": href}}))
        return _runs(node, marks)
    if node.children:
        return _runs(node, marks)
    return [_text(node.content, marks)] if node.content else []


def _runs(parent: SyntaxTreeNode, marks: tuple[Node, ...]) -> list[Node]:
    return [one for node in parent.children for one in _run(node, marks)]

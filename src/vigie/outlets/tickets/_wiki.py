"""Markdown in the wiki markup that Jira Server and Data Center take text in."""

from __future__ import annotations

import re

from markdown_it.tree import SyntaxTreeNode

from vigie.outlets.tickets._texts import GFM, cut, plain

LARGEST = 32_500  # of 32,767 characters that a description may have
_ACTIVE = re.compile(r"[\\{}\[\]*_+^~|!?#-]")
_LINE_WORD = re.compile(r"^(\s*)(h[1-6]|bq)\.", re.MULTILINE)
_URL = re.compile(r"(https?://[^\s{}\[\]|\\]+)")
_LINKS = ("https://", "http://", "mailto:")
_MARKS = {"strong": "*", "em": "_", "s": "-"}


def markup(markdown: str) -> str:
    """The text, in which nothing of what others wrote acts: no macro, no mention, no image."""
    blocks = _blocks(SyntaxTreeNode(GFM.parse(cut(plain(markdown), LARGEST))), "")
    fitting: list[str] = []
    room = LARGEST
    for block in blocks:
        room -= len(block) + 2
        if room < 0:
            return "\n\n".join([*fitting, *_beginning(block, room + len(block)), "…"])
        fitting.append(block)
    return "\n\n".join(fitting)


def _beginning(block: str, room: int) -> list[str]:
    """What fits of a block. Of code and quotes nothing: cut, their end would be missing, and
    what stands in them would act."""
    is_whole = "{code}" in block or "{quote}" in block
    return [] if is_whole or room < 100 else [cut(block, room)]


def _escaped(text: str) -> str:
    parts = _URL.split(text)
    # An address keeps its hyphens, or it would lead nowhere.
    parts[::2] = [_ACTIVE.sub(_inert, one) for one in parts[::2]]
    return _LINE_WORD.sub(r"\1\2&#46;", "".join(parts))


def _inert(found: re.Match[str]) -> str:
    # Two backslashes would be a line break.
    return "&#92;" if found[0] == "\\" else f"\\{found[0]}"


def _blocks(parent: SyntaxTreeNode, bullets: str) -> list[str]:
    return [text for node in parent.children for text in _block(node, bullets) if text]


def _block(node: SyntaxTreeNode, bullets: str) -> list[str]:
    kind = node.type
    if kind == "heading":
        return [f"h{node.tag[1]}. {_inline(node)}"]
    if kind == "paragraph":
        return [_inline(node)]
    if kind in ("bullet_list", "ordered_list"):
        bullet = bullets + ("*" if kind == "bullet_list" else "#")
        return ["\n".join(line for item in node.children for line in _item(item, bullet))]
    if kind in ("fence", "code_block"):
        # The macro ends at the first place where its name stands in braces again.
        code = node.content.removesuffix("\n").replace("{code", "{\u200bcode")
        return [f"{{code}}\n{code}\n{{code}}"]
    if kind == "blockquote":
        inner = "\n\n".join(_blocks(node, ""))
        return [f"{{quote}}\n{inner}\n{{quote}}"]
    if kind == "hr":
        return ["----"]
    if kind == "table":
        rows = [row for part in node.children for row in part.children]
        return ["\n".join(map(_row, rows))]
    return _blocks(node, bullets)


def _item(item: SyntaxTreeNode, bullet: str) -> list[str]:
    """A list item: its first block after the bullet, deeper lists under it, the rest as it is."""
    lines: list[str] = []
    for index, node in enumerate(item.children):
        for text in _block(node, bullet):
            is_list = node.type in ("bullet_list", "ordered_list")
            lines.append(text if is_list or index else f"{bullet} {text}")
    return lines or [f"{bullet} "]


def _row(row: SyntaxTreeNode) -> str:
    bar = "||" if row.children and row.children[0].type == "th" else "|"
    return bar + bar.join(f" {_inline(cell)} " for cell in row.children) + bar


def _inline(block: SyntaxTreeNode) -> str:
    return "".join(_run(node) for inline in block.children for node in inline.children)


def _run(node: SyntaxTreeNode) -> str:
    kind = node.type
    inner = "".join(map(_run, node.children))
    if kind in ("softbreak", "hardbreak"):
        return "\n" if kind == "hardbreak" else " "
    if kind == "code_inline":
        return f"{{{{{_escaped(node.content)}}}}}"
    if kind in _MARKS:
        return f"{_MARKS[kind]}{inner}{_MARKS[kind]}"
    if kind == "link":
        href = str(node.attrs.get("href", ""))
        good = href.lower().startswith(_LINKS) and not set(href) & set("|[]{}\\ ")
        return f"[{inner}|{href}]" if good and inner else inner
    return inner or _escaped(node.content)

"""Markdown that fits a comment on a pull or merge request (GitHub, GitLab).

A comment holds 65,536 characters on GitHub. What a reader must not miss comes first; the
details fold away, and what does not fit is counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.results import Result
from vigie.outlets.documents.markdown.sections import details, size, top
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

LONGEST = 65_536


class MarkdownOutlet:
    format = "markdown"
    label = "Markdown"
    suffix = ".md"
    media_type = "text/markdown; charset=utf-8"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        page = top(result, view.words)
        page += details(result, view.words, LONGEST - size(page))
        yield Part([page.encode("utf-8", "replace")])


OUTLET = MarkdownOutlet()

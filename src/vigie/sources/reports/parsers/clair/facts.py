"""What `vigie clair` adds to a report of Clair: which image it is about, how old the data is.

Clair knows an image by the one digest it was told. Source: `vigie.services.clair`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vigie.model.assets import Asset
from vigie.model.plain import plain_reader
from vigie.model.runs import Problem
from vigie.sources.reports.records import RecordError
from vigie.sources.reports.tree import Node


@dataclass(frozen=True, slots=True)
class Facts:
    """`asset` None and "" when nothing was added."""

    asset: Asset | None = None
    database_date: str = ""
    problems: tuple[Problem, ...] = ()


def read_facts(root: Node) -> Facts:
    """The member `vigie`. Raises RecordError when it is there and is not what it should be."""
    node = root.get("vigie")
    if node is None:
        return Facts()
    asset = node.get("asset")
    return Facts(
        _whole(plain_reader(Asset), asset) if asset is not None else None,
        node.text("database_date"),
        tuple(_whole(plain_reader(Problem), item) for item in node.items("problems")),
    )


def _whole(read: Callable[[Any], Any], node: Node) -> Any:
    try:
        return read(node.value())
    except ValueError as error:
        raise RecordError(f"{node.pointer}: {error}") from None

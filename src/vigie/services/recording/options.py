"""What bears on an import besides its reports, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from vigie.model.assets import Criticality, Exposure
from vigie.model.policy import DEFAULT_PRIORITY, PriorityPolicy
from vigie.ports.feeds import NO_KNOWLEDGE, Knowledge

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """How to take it in.

    `asset` is the id of a stored asset, or how the person names the one thing that the reports
    are about ("shop", "image:shop:1.0"): it stands in where a report names none, and in place
    of the name that one gives. `exposure`, `criticality` and `owner` hold for assets of which
    nobody has said it yet; `labels` are set on each asset.
    """

    asset: str = ""
    owner: str = ""
    exposure: Exposure = Exposure.UNKNOWN
    criticality: Criticality = Criticality.UNKNOWN
    labels: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    knowledge: Knowledge = NO_KNOWLEDGE
    priority: PriorityPolicy = DEFAULT_PRIORITY


@dataclass(frozen=True, slots=True)
class RecordedAsset:
    """What an import changed at one asset, as numbers of findings. `seen` are those that the
    import spoke of, changed or not; `counting` those that are somebody's work now."""

    id: str
    name: str
    new: int = 0
    reopened: int = 0
    closed: int = 0
    changed: int = 0
    seen: int = 0
    counting: int = 0

    def plain(self) -> dict[str, Any]:
        """For a document of the store."""
        return {
            "name": self.name, "new": self.new, "reopened": self.reopened, "closed": self.closed,
            "changed": self.changed, "seen": self.seen, "counting": self.counting,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an import came to. `outcomes` are those of its runs ("complete", …), each counted."""

    assets: tuple[RecordedAsset, ...] = ()
    outcomes: Mapping[str, int] = field(default_factory=dict)

    def total(self, name: str) -> int:
        """The sum over all assets: "new", "reopened", "closed", "changed", "seen"."""
        return sum(getattr(asset, name) for asset in self.assets)

    def plain(self) -> dict[str, Any]:
        """For a document of the store."""
        names = ("new", "reopened", "closed", "changed", "seen", "counting")
        return {
            **{name: self.total(name) for name in names},
            "assets": {asset.id: asset.plain() for asset in self.assets},
            "runs": dict(self.outcomes),
        }

"""What a report is about, when only its records say it."""

from __future__ import annotations

from collections.abc import Iterable

from vigie.model.assets import Asset
from vigie.model.observations import Observation


def sole_asset(observations: Iterable[Observation]) -> Asset | None:
    """The asset that every observation is about; None when there are several or none is said."""
    assets = {observation.asset for observation in observations}
    return assets.pop() if len(assets) == 1 else None

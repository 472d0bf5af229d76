from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.sources.filesystems.limits import Budget, ImageLimits


def test_what_is_spent_adds_up() -> None:
    budget = Budget(ImageLimits(unpacked=2 * 1024**3))
    budget.spend(1024**3)
    budget.spend(1024**3)
    with pytest.raises(UserError, match="more than 2 GiB"):
        budget.spend(1)


def test_a_small_file_may_grow_as_it_likes() -> None:
    budget = Budget(ImageLimits(ratio=10, harmless=1000))
    budget.check_ratio(1, 1000)
    budget.check_ratio(200, 2000)
    with pytest.raises(UserError, match="20 times"):
        budget.check_ratio(100, 2000)

"""The ways of hardening, in the order they are tried. Modules beginning with _ are shared."""

from __future__ import annotations

from vigie.outlets.patches.editors.dockerfile.changes import Rule
from vigie.outlets.patches.editors.dockerfile.rules import (
    app_packages,
    bases,
    health,
    instructions,
    lists,
    secrets,
    shells,
    splitting,
    system_packages,
    users,
)

RULES: tuple[Rule, ...] = (
    bases.RULE,
    *instructions.RULES,
    *shells.RULES,
    *system_packages.RULES,
    *lists.RULES,
    *app_packages.RULES,
    *secrets.RULES,
    splitting.RULE,
    *users.RULES,
    health.RULE,
)

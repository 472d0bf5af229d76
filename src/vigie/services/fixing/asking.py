"""Asks registries which versions there are, for the packages of a plan only, and side by side."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from vigie.model.components import Component
from vigie.model.results import Step
from vigie.ports.patches import Upgrade
from vigie.services.fixing.patching import upgrades_of
from vigie.sources.registries.clients import Registry
from vigie.triage.packages import PackageKey, package_key

_MOST_PACKAGES = 200
_AT_ONCE = 4
_MOST_SECONDS = 180.0


@dataclass(slots=True)
class Availability:
    """What registries said: the versions of packages, and whether single versions exist.

    A package that is in neither was not asked about, or nobody could say.
    """

    versions: dict[PackageKey, tuple[str, ...]] = field(default_factory=dict)
    exists: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    def of(self, component: Component) -> Sequence[str] | None:
        """The versions of a component, None when unknown; for `PlanOptions.available`."""
        return self.versions.get(package_key(component))

    def has(self, upgrade: Upgrade) -> bool | None:
        """Whether the version exists; None when that was not checked."""
        return self.exists.get((upgrade.type, upgrade.name, upgrade.version))


def ask_versions(steps: Sequence[Step], registries: Mapping[str, Registry]) -> Availability:
    """The versions of every package of these steps, as far as time and clients allow."""
    found = Availability()
    wanted = {
        package_key(step.component): (registries[step.component.type], upgrade.name)
        for step in steps
        if step.component.type in registries
        for upgrade in upgrades_of(step)[:1]
    }
    until = time.monotonic() + _MOST_SECONDS

    def ask(item: tuple[PackageKey, tuple[Registry, str]]) -> None:
        key, (registry, name) = item
        known = registry.versions(name) if time.monotonic() < until else None
        if known is not None:
            found.versions[key] = known

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="vigie-registry") as pool:
        list(pool.map(ask, list(wanted.items())[:_MOST_PACKAGES]))
    return found


def ask_existence(
    upgrades: Sequence[Upgrade], registries: Mapping[str, Registry], found: Availability
) -> None:
    """Whether each version exists, into `found`."""
    until = time.monotonic() + _MOST_SECONDS

    def ask(upgrade: Upgrade) -> None:
        registry = registries.get(upgrade.type)
        if registry is None or time.monotonic() > until:
            return
        known = registry.has(upgrade.name, upgrade.version)
        if known is not None:
            found.exists[upgrade.type, upgrade.name, upgrade.version] = known

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="vigie-registry") as pool:
        list(pool.map(ask, list(dict.fromkeys(upgrades))[:_MOST_PACKAGES]))

"""Finds plugs by their place and by entry points; imports none until it is used."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of plug: the packages that hold the built-in ones, the name of the object inside
    each module, the attribute that names the plug, the entry point group of third parties, and
    the other attributes that a plug of theirs must have to be one."""

    kind: str
    packages: tuple[str, ...]
    symbol: str
    key: str
    group: str
    parts: tuple[str, ...] = ()


REPORTS = Place(
    kind="report format",
    packages=("vigie.sources.reports.parsers",),
    symbol="PARSER",
    key="format",
    group="vigie.reports",
    parts=("tool", "label", "coverage", "recognises", "read"),
)
SCANNERS = Place(
    kind="scanner",
    packages=("vigie.sources.scanners.runners",),
    symbol="SCANNER",
    key="name",
    group="vigie.scanners",
    parts=("label", "format", "needs", "advice", "handles", "command", "read_version"),
)
OUTLETS = Place(
    kind="output format",
    packages=("vigie.outlets.documents", "vigie.outlets.formats"),
    symbol="OUTLET",
    key="format",
    group="vigie.outlets",
    parts=("label", "suffix", "binary", "needs", "render"),
)
PACKAGES = Place(
    kind="package reader",
    packages=("vigie.sources.packages.readers",),
    symbol="READER",
    key="name",
    group="vigie.packages",
    parts=("label", "types", "patterns", "binaries", "installed", "read"),
)
PATCHES = Place(
    kind="patch editor",
    packages=("vigie.outlets.patches.editors",),
    symbol="EDITOR",
    key="name",
    group="vigie.patches",
    parts=("label", "types", "patterns", "edit"),
)
NOTIFIERS = Place(
    kind="notifier",
    packages=("vigie.outlets.notifiers",),
    symbol="NOTIFIER",
    key="name",
    group="vigie.notifiers",
    parts=("label", "needs", "fields", "check", "send"),
)
TRACKERS = Place(
    kind="ticket system",
    packages=("vigie.outlets.tickets",),
    symbol="TRACKER",
    key="name",
    group="vigie.tickets",
    parts=("label", "needs", "fields", "check", "find", "create", "update", "state"),
)
SECRETS = Place(
    kind="secret backend",
    packages=("vigie.stores.secrets",),
    symbol="BACKEND",
    key="name",
    group="vigie.secrets",
    parts=("label", "needs", "writable", "open"),
)


class Plugs(Mapping[str, Any]):
    """The plugs of one kind by name. A built-in plug's name is its module's, with - for _.

    A broken plug is not in the mapping; `disabled` says which and why.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.disabled: list[Problem] = []
        self._loaded: dict[str, Any] = {}
        self._broken: set[str] = set()

    @cached_property
    def _modules(self) -> dict[str, str | EntryPoint]:
        found: dict[str, str | EntryPoint] = {}
        for package in self.place.packages:
            for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
                if module.name.startswith("_"):
                    continue  # what several plugs of one place share
                found[module.name.replace("_", "-")] = f"{package}.{module.name}"
        for point in entry_points(group=self.place.group):
            # A third party may add a plug but not silently take a built-in one's place.
            if point.name in found:
                self._disable(point.name, T("the name {name} is taken", name=point.name))
            else:
                found[point.name] = point
        return found

    def __getitem__(self, name: str) -> Any:
        if name in self._loaded:
            return self._loaded[name]
        source = self._modules[name]
        if name in self._broken:
            raise KeyError(name)
        plug = self._load(name, source)
        if plug is None:
            raise KeyError(name)
        self._loaded[name] = plug
        return plug

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(set(self._modules) - self._broken))

    def __len__(self) -> int:
        return len(set(self._modules) - self._broken)

    def __contains__(self, name: object) -> bool:
        return name in self._modules and name not in self._broken

    def load_all(self) -> Iterator[Any]:
        """Every working plug, imported now, in the order of their names."""
        yield from self.working().values()

    def working(self) -> dict[str, Any]:
        """Every working plug by its name, imported now; the broken ones are in `disabled`."""
        found: dict[str, Any] = {}
        for name in list(self):
            try:
                found[name] = self[name]
            except KeyError:
                continue
        return found

    def need(self, name: str) -> Any:
        """The plug of this name. Raises UserError that lists the names there are."""
        try:
            return self[name]
        except KeyError:
            reason = next((p for p in self.disabled if p.where == name), None)
            if reason is not None:
                raise UserError(reason.message, reason.hint or "") from None
            raise UserError(
                T("there is no {kind} {name!r}", kind=T(self.place.kind), name=name),
                T("Choose from: {names}", names=tuple(self)),
            ) from None

    def _load(self, name: str, source: str | EntryPoint) -> Any:
        """The one guard that keeps a broken plug from stopping the rest."""
        try:
            if isinstance(source, EntryPoint):
                return self._checked(name, source.load())
            return getattr(importlib.import_module(source), self.place.symbol)
        except Exception as error:
            if isinstance(source, str):
                raise  # a broken built-in is a bug and shows as one
            self._broken.add(name)
            self._disable(name, f"{type(error).__name__}: {error}")
            return None

    def _checked(self, name: str, plug: Any) -> Any:
        """A third party's plug, if it is one. Raises TypeError when parts of it are missing."""
        place = self.place
        missing = [part for part in (place.key, *place.parts) if not hasattr(plug, part)]
        if missing:
            raise TypeError(f"it has no {', '.join(missing)}")

        def disable(why: str) -> None:
            if name not in self._broken:
                self._broken.add(name)
                self._disable(name, why)

        return _held(place, plug, disable)

    def _disable(self, name: str, why: Text | str) -> None:
        self.disabled.append(
            Problem(
                ProblemCode.PLUG,
                T(
                    "{kind} {name!r} is disabled: {why}",
                    kind=T(self.place.kind),
                    name=name,
                    why=why,
                ),
                where=name,
                hint=T("Update or remove the package that brings it."),
            )
        )


def _held(place: Place, plug: Any, disable: Callable[[str], None]) -> Any:
    """The plug in its kind's guard, if it has one; imported only when there are such plugs."""
    from vigie.wiring import careful  # noqa: PLC0415

    if place is REPORTS:
        return careful.CarefulParser(plug, disable)
    if place in (PACKAGES, PATCHES):
        careful.of_package_files(plug)
        return careful.CarefulReader(plug) if place is PACKAGES else careful.CarefulEditor(plug)
    return plug

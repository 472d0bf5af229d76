"""YAML as plain text values with their lines: no types, no tags, bounded aliases and depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml

from vigie.ports.packages import PackageFile
from vigie.sources.packages.readers._records import refused, text_of

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_DEEPEST = 60
_MOST_NODES = 3_000_000  # counted as they would be with every alias written out
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class YamlMap(dict[str, "YamlValue"]):
    """A mapping whose keys are text. `lines` say where each key stands, counted from 1."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def text(self, name: str) -> str:
        """A member's text; "" when it is absent or no scalar."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def map(self, name: str) -> YamlMap:
        """A member that is a mapping; an empty one otherwise."""
        value = self.get(name)
        return value if isinstance(value, YamlMap) else YamlMap()

    def maps(self) -> Iterator[tuple[str, YamlMap, int]]:
        """Members that are mappings: name, mapping, line of the name."""
        for name, value in self.items():
            if isinstance(value, YamlMap):
                yield name, value, self.lines[name]

    def list(self, name: str) -> YamlList:
        """A member that is a list; an empty one otherwise."""
        value = self.get(name)
        return value if isinstance(value, YamlList) else YamlList()


class YamlList(list["YamlValue"]):
    """A sequence. `lines` say where each item begins."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


YamlValue: TypeAlias = str | YamlMap | YamlList | None


def yaml_of(file: PackageFile, label: str) -> YamlMap:
    """The mapping that a YAML file holds, its first document's.

    Scalars stay as they are written ("1.10" is no number), null is None. Raises UserError when
    the file is too large, no YAML, no mapping, too deep, or grows too much by its aliases.
    """
    text = text_of(file)
    try:
        value = _Builder(text).build()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise refused(file, label, _one_line(error)) from None
    if not isinstance(value, YamlMap):
        raise refused(file, label, "no mapping")
    return value


def _one_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"{problem} (line {mark.line + 1})" if mark is not None else " ".join(problem.split())


class _Builder:
    """Builds values from events: composing them recursively could exhaust the stack."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        self._anchors: dict[str, tuple[YamlValue, int]] = {}
        self._nodes = 0
        self._open: list[tuple[YamlMap | YamlList, str, int]] = []  # with its anchor and count
        self._keys: list[tuple[str, int] | None] = []
        self._root: YamlValue = None

    def build(self) -> YamlValue:
        for event in self._events:
            if isinstance(event, yaml.ScalarEvent):
                self._count(1)
                plain = event.implicit[0] and not event.style
                value = None if plain and event.value in _NULLS else event.value
                if event.anchor:
                    self._anchors[event.anchor] = (value, 1)
                self._place(value, event, event.value)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._begin(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self._end()
            elif isinstance(event, yaml.AliasEvent):
                self._repeat(event)
            elif isinstance(event, yaml.DocumentEndEvent):
                break
        return self._root

    def _begin(self, event: Any) -> None:
        if len(self._open) >= _DEEPEST:
            raise ValueError(f"nested more than {_DEEPEST} deep")
        self._count(1)
        value = YamlMap() if isinstance(event, yaml.MappingStartEvent) else YamlList()
        self._place(value, event, None)
        self._open.append((value, event.anchor or "", self._nodes))
        self._keys.append(None)

    def _end(self) -> None:
        value, anchor, before = self._open.pop()
        self._keys.pop()
        if anchor:
            self._anchors[anchor] = (value, self._nodes - before + 1)

    def _repeat(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise ValueError(f"the alias {event.anchor!r} stands for nothing")
        value, size = self._anchors[event.anchor]
        self._count(size)
        self._place(value, event, value if isinstance(value, str) else None)

    def _place(self, value: YamlValue, event: Any, key: str | None) -> None:
        """Put a value where it belongs. `key` is its text when it could be a mapping's key."""
        if not self._open:
            self._root = value
            return
        line = event.start_mark.line + 1
        holder = self._open[-1][0]
        if isinstance(holder, YamlList):
            holder.append(value)
            holder.lines.append(line)
            return
        waiting = self._keys[-1]
        if waiting is None:
            # A key that is itself a list or a mapping is nothing any of these files has.
            if key is None:
                raise ValueError(f"a key that is no text (line {line})")
            self._keys[-1] = (key, line)
            return
        name, at = waiting
        holder[name] = value
        holder.lines[name] = at
        self._keys[-1] = None

    def _count(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > _MOST_NODES:
            raise ValueError(f"more than {_MOST_NODES} values")

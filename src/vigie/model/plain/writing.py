"""From the model to plain values, driven by the types that the model declares."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, Field, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any, Union, get_args, get_origin

from vigie.model.findings import Finding
from vigie.model.observations import Observation, Rule
from vigie.model.plain.layout import (
    ALWAYS_IN_RULE,
    DERIVED,
    INLINE,
    RENAMED,
    SPARSE,
    attributes,
    default_of,
)
from vigie.model.results import Result
from vigie.model.text import ENGLISH, Text, Words

Write = Callable[[Any], Any]

# What a person or a program looks for first comes first; what can be huge comes last.
_ORDER = (
    "schema_version",
    "target",
    "created",
    "summary",
    "gate",
    "assets",
    "runs",
    "problems",
    "plan",
    "findings",
    "not_assessed",
    "components",
)
_MOST_SPOKEN = 10_000
_HUGE = frozenset({"findings", "not_assessed", "components"})


def to_plain(result: Result, *words: Words) -> dict[str, Any]:
    """The whole result as dicts, lists, strings, numbers, booleans and None.

    Each text is said in English and in the languages of `words`, and keeps its template.
    """
    return {
        key: list(value) if isinstance(value, Iterator) else value
        for key, value in sections(result, *words)
    }


def sections(result: Result, *words: Words) -> Iterator[tuple[str, Any]]:
    """The same, one top-level key after the other; the huge lists are iterators, made lazily."""
    writer = _Writer(tuple({"en": ENGLISH, **{w.lang: w for w in words}}.values()))
    fields = {key: (field, hint) for field, key, hint in attributes(Result)}
    for key in _ORDER:
        field, hint = fields[key]
        value = getattr(result, key)
        if key in _HUGE:
            yield key, map(writer.of(get_args(hint)[0]), value)
        else:
            yield key, writer.of_field(field, hint)(value)


def plain_writer(cls: Any) -> Write:
    """Turns values of one type of the model (`Observation`, `tuple[Package, ...]`) into plain
    ones; texts keep their template and are said in English."""
    return _Writer((ENGLISH,)).of(cls)


class _Writer:
    """Writers by type, made when first asked for. `words` are the languages to speak.

    `sparse` ones leave out what holds its default.
    """

    def __init__(self, words: Sequence[Words]) -> None:
        self._words = words
        self._known: dict[Any, Write] = {}
        self._spoken: dict[Any, dict[str, Any]] = {}

    def of(self, hint: Any, sparse: bool = False) -> Write:
        if (hint, sparse) not in self._known:
            made = self._of_type(hint, sparse) or self._of_generic(hint, sparse)
            self._known[hint, sparse] = made
        return self._known[hint, sparse]

    def of_field(self, field: Field[Any], hint: Any, sparse: bool = False) -> Write:
        """A text without a default is always known, be it ""."""
        return _same if hint is str and default_of(field) is MISSING else self.of(hint, sparse)

    def _of_type(self, hint: Any, sparse: bool) -> Write | None:
        if hint is str:
            return _known
        if hint is Text:
            return self.text
        if not isinstance(hint, type) or get_origin(hint) is not None:
            return None
        if hint is Finding:
            return self._of_finding()
        if is_dataclass(hint):
            return self._of_class(hint, sparse or hint in SPARSE)
        if issubclass(hint, Enum):
            return {member: member.value for member in hint}.__getitem__
        return _same

    def _of_generic(self, hint: Any, sparse: bool) -> Write:
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            write = self.of(next(arg for arg in inner if arg is not types.NoneType), sparse)
            return lambda value: None if value is None else write(value)
        if origin is dict:
            return lambda value: {key.value: count for key, count in value.items()}
        if origin is frozenset:
            return sorted
        if inner[0] is str:
            return list
        if get_origin(inner[0]) is tuple:
            _, said = get_args(inner[0])
            return _by_source if said is str else _with_source(self.of(said, sparse))
        write = self.of(inner[0], sparse)
        return lambda values: [write(value) for value in values]

    def _of_class(self, cls: type, sparse: bool, without: str = "") -> Write:
        found = [entry for entry in attributes(cls) if entry[0].name != without]
        get = attrgetter(*(field.name for field, _, _ in found))
        steps = [(key, self.of_field(field, hint, sparse)) for field, key, hint in found]
        if sparse:
            defaults = [default_of(field) for field, _, _ in found]
            return _sparse_writer(get, steps, defaults)
        inline = frozenset(key for field, key, _ in found if (cls, field.name) in INLINE)
        write = _inline_writer(get, steps, inline) if inline else _writer(get, steps)
        if cls not in DERIVED:
            return write
        name, derive = DERIVED[cls]
        return lambda value: {**write(value), name: derive(value)}

    def _of_finding(self) -> Write:
        """What can be long comes last: the observations, each with what its rule adds."""
        write = self._of_class(Finding, sparse=False, without="evidence")
        observation = self._of_class(Observation, sparse=True, without="rule")
        rule = self._of_rule()
        key = RENAMED[Finding, "evidence"]

        def write_finding(finding: Finding) -> dict[str, Any]:
            plain: dict[str, Any] = write(finding)
            plain[key] = [
                {"rule": rule(said.rule, finding.rule), **observation(said)}
                for said in finding.evidence
            ]
            return plain

        return write_finding

    def _of_rule(self) -> Callable[[Rule, Rule], dict[str, Any]]:
        found = attributes(Rule)
        get = attrgetter(*(field.name for field, _, _ in found))
        steps = [(key, self.of_field(field, hint)) for field, key, hint in found]

        def write(rule: Rule, told: Rule) -> dict[str, Any]:
            return {
                key: write_one(item)
                for (key, write_one), item, before in zip(steps, get(rule), get(told), strict=True)
                if item != before or key == ALWAYS_IN_RULE
            }

        return write

    def text(self, text: Text) -> dict[str, Any]:
        """The sentence in each language, and what `from_plain` needs to make the same text."""
        params = text.params
        if any(type(value) not in (str, float) for value in params.values()):
            return self._text(text)
        # Thousands of findings have the same reasons.
        key = (text.template, text.plural, *params.items())
        spoken = self._spoken.get(key)
        if spoken is None:
            if len(self._spoken) >= _MOST_SPOKEN:
                self._spoken.clear()
            spoken = self._spoken[key] = self._text(text)
        return spoken.copy()

    def _text(self, text: Text) -> dict[str, Any]:
        plain: dict[str, Any] = {words.lang: words(text) for words in self._words}
        if plain["en"] != text.template:
            plain["template"] = text.template
        return self._with_params(plain, text)

    def _with_params(self, plain: dict[str, Any], text: Text) -> dict[str, Any]:
        if text.plural:
            plain["plural"] = text.plural
        if text.params:
            plain["params"] = {name: self._parameter(v) for name, v in text.params.items()}
        return plain

    def _parameter(self, value: object) -> Any:
        if isinstance(value, Text):  # spoken where it is used, so its template is enough
            return self._with_params({"template": value.template}, value)
        if isinstance(value, (tuple, list)):
            return [self._parameter(item) for item in value]
        if isinstance(value, Enum):
            return value.value
        if value is None or isinstance(value, (str, int, float)):
            return value
        return str(value)


def _writer(get: Callable[[Any], Any], steps: Sequence[tuple[str, Write]]) -> Write:
    """Every field. The two commonest ways of writing one are not called but done here."""

    def write(value: Any) -> dict[str, Any]:
        return {
            key: item if how is _same else (item or None) if how is _known else how(item)
            for (key, how), item in zip(steps, get(value), strict=True)
        }

    return write


def _sparse_writer(
    get: Callable[[Any], Any], steps: Sequence[tuple[str, Write]], defaults: Sequence[Any]
) -> Write:
    def write(value: Any) -> dict[str, Any]:
        return {
            key: how(item)
            for (key, how), item, default in zip(steps, get(value), defaults, strict=True)
            if item is not default and item != default
        }

    return write


def _inline_writer(
    get: Callable[[Any], Any], steps: Sequence[tuple[str, Write]], inline: frozenset[str]
) -> Write:
    def write(value: Any) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for (key, how), item in zip(steps, get(value), strict=True):
            if key in inline:
                plain.update(how(item))
            else:
                plain[key] = how(item)
        return plain

    return write


def _same(value: Any) -> Any:
    return value


def _known(value: str) -> str | None:
    return value or None


def _by_source(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """An object by source; the words of a source that speaks more than once become a list."""
    plain: dict[str, Any] = {}
    for source, word in pairs:
        if source not in plain:
            plain[source] = word or None
        elif isinstance(plain[source], list):
            plain[source].append(word or None)
        else:
            plain[source] = [plain[source], word or None]
    return plain


def _with_source(write: Write) -> Write:
    return lambda pairs: [{"source": source, **write(said)} for source, said in pairs]

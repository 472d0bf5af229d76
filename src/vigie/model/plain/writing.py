"""From the model to plain values, driven by the types that the model declares."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, Field, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any, Union, get_args, get_origin

from vigie.model.plain.layout import DERIVED, INLINE, SPARSE, attributes, default_of
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


class _Writer:
    """Writers by type, made when first asked for. `words` are the languages to speak."""

    def __init__(self, words: Sequence[Words]) -> None:
        self._words = words
        self._known: dict[Any, Write] = {}

    def of(self, hint: Any) -> Write:
        if hint not in self._known:
            self._known[hint] = self._of_type(hint) or self._of_generic(hint)
        return self._known[hint]

    def of_field(self, field: Field[Any], hint: Any) -> Write:
        """A text without a default is always known, be it ""."""
        return _same if hint is str and default_of(field) is MISSING else self.of(hint)

    def _of_type(self, hint: Any) -> Write | None:
        if hint is str:
            return _known
        if hint is Text:
            return self.text
        if not isinstance(hint, type) or get_origin(hint) is not None:
            return None
        if is_dataclass(hint):
            return self._of_class(hint)
        if issubclass(hint, Enum):
            return {member: member.value for member in hint}.__getitem__
        return _same

    def _of_generic(self, hint: Any) -> Write:
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            write = self.of(next(arg for arg in inner if arg is not types.NoneType))
            return lambda value: None if value is None else write(value)
        if origin is dict:
            return lambda value: {key.value: count for key, count in value.items()}
        if origin is frozenset:
            return sorted
        if inner[0] is str:
            return list
        if get_origin(inner[0]) is tuple:
            _, said = get_args(inner[0])
            return _by_source if said is str else _with_source(self.of(said))
        write = self.of(inner[0])
        return lambda values: [write(value) for value in values]

    def _of_class(self, cls: type) -> Write:
        found = attributes(cls)
        get = attrgetter(*(field.name for field, _, _ in found))
        steps = [
            (key, self.of_field(field, hint), default_of(field) if cls in SPARSE else MISSING)
            for field, key, hint in found
        ]
        inline = frozenset(key for field, key, _ in found if (cls, field.name) in INLINE)
        derived, derive = DERIVED.get(cls, ("", _same))

        def write(value: Any) -> dict[str, Any]:
            plain: dict[str, Any] = {}
            for (key, write_one, default), item in zip(steps, get(value), strict=True):
                if default is not MISSING and (item is default or item == default):
                    continue
                if key in inline:
                    plain.update(write_one(item))
                else:
                    plain[key] = write_one(item)
            if derived:
                plain[derived] = derive(value)
            return plain

        return write

    def text(self, text: Text) -> dict[str, Any]:
        """The sentence in each language, and what `from_plain` needs to make the same text."""
        plain: dict[str, Any] = {words.lang: words(text) for words in self._words}
        if plain["en"] != text.template:
            plain["template"] = text.template
        if text.plural:
            plain["plural"] = text.plural
        if text.params:
            plain["params"] = {name: self._parameter(v) for name, v in text.params.items()}
        return plain

    def _parameter(self, value: object) -> Any:
        if isinstance(value, Text):
            return self.text(value)
        if isinstance(value, (tuple, list)):
            return [self._parameter(item) for item in value]
        if isinstance(value, Enum):
            return value.value
        if value is None or isinstance(value, (str, int, float)):
            return value
        return str(value)


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

"""Words for people, kept apart from the language they are shown in.

A `Text` is an English template with its parameters. `Words` turns it into a sentence of
one language with a catalogue that maps English templates to that language's. English is
the key, so code stays readable and a missing translation shows English, never a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Language = Literal["en", "fr"]

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence: `template` is English in `str.format` style, `params` fill it.

    A decimal number is given as a float, not as its digits: each language writes its own.

    `plural` is the English template used when `params["count"]` is not one; an integer of
    that name is shown with its thousands set apart.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    plural: str = ""

    def __str__(self) -> str:
        return ENGLISH(self)


def T(template: str, plural: str = "", /, **params: object) -> Text:  # noqa: N802
    """Mark `template` as a sentence for people; a test finds each call and asks for its French."""
    return Text(template, params, plural)


@dataclass(frozen=True, slots=True)
class Words:
    """Says texts in one language. `catalogue` maps an English template to this language's."""

    lang: Language = "en"
    catalogue: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __call__(self, text: Text | str, /, **params: object) -> str:
        """The sentence in this language. A plain string is looked up as a template."""
        if isinstance(text, str):
            text = Text(text, params)
        template = text.template
        count = text.params.get("count")
        if text.plural and isinstance(count, int) and self._is_plural(count):
            template = text.plural
        values = {name: self._value(value) for name, value in text.params.items()}
        if isinstance(count, int) and not isinstance(count, bool):
            values["count"] = grouped(count, self.lang)
        spoken = self.catalogue.get(template, template)
        if self.lang == "fr":
            spoken = spoken.replace(" %", "\u202f%")
        return spoken.format(**values) if values else spoken

    def sentence(self, text: Text) -> str:
        """The sentence as it stands alone: with a capital letter, unless it begins with a name
        that is none of ours ("generic-api-key in …")."""
        said = self(text)
        return said[:1].upper() + said[1:] if self._begins_in_words(text) else said

    def _begins_in_words(self, text: Text) -> bool:
        spoken = self.catalogue.get(text.template, text.template)
        if not spoken.startswith("{"):
            return True
        first = text.params.get(spoken[1 : spoken.index("}")])
        return isinstance(first, Text) and self._begins_in_words(first)

    def _is_plural(self, count: int) -> bool:
        # French counts zero as singular (CLDR plural rules); English counts it as plural.
        return abs(count) >= 2 if self.lang == "fr" else count != 1

    def _value(self, value: object) -> object:
        if isinstance(value, Text):
            return self(value)
        if isinstance(value, (tuple, list)):
            return ", ".join(str(self._value(item)) for item in value)
        if isinstance(value, float) and self.lang == "fr":
            return _Comma(value)
        return value


class _Comma(float):
    """A decimal number as French writes it, however the template formats it: "7,5"."""

    def __str__(self) -> str:
        return repr(self).replace(".", ",")

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace(".", ",")


def grouped(value: int, lang: Language) -> str:
    """An integer with its thousands set apart: "12,345", in French "12 345" (U+202F)."""
    return f"{value:,}".replace(",", "\u202f" if lang == "fr" else ",")


ENGLISH = Words()

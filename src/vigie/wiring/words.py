"""The language somebody reads, and the words catalogue for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import get_args

from vigie.model.errors import UserError
from vigie.model.text import Language, T, Words

LANGUAGES: tuple[Language, ...] = get_args(Language)

# POSIX: the first of these that is set and not empty decides about messages.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


@cache
def words(lang: Language) -> Words:
    """Every room's catalogue of this language, merged. English is the key and needs none."""
    catalogue: dict[str, str] = {}
    folder = files("vigie.catalog").joinpath("words", lang)
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.name.endswith(".toml"):
                catalogue |= tomllib.loads(file.read_text(encoding="utf-8"))
    if lang == "fr":
        catalogue = {english: _typeset(spoken) for english, spoken in catalogue.items()}
    return Words(lang, MappingProxyType(catalogue))


def _typeset(spoken: str) -> str:
    """French with spaces that no line breaks at: narrow before ; ! ?, whole before : % and
    inside « » (Imprimerie nationale, Lexique). The files hold the spaces that people type."""
    spoken = re.sub(r" (?=[;!?])", "\u202f", spoken)
    return re.sub(r" (?=[:%»])|(?<=«) ", "\u00a0", spoken)


def language(asked: str, environ: Mapping[str, str]) -> Language:
    """The language asked for, else that of `VIGIE_LANG`, else the locale's, else English.

    Raises UserError for a language that was asked for by name and that Vigie does not speak;
    an unknown locale gives English.
    """
    wanted = asked or environ.get("VIGIE_LANG", "")
    if wanted:
        return _spoken(wanted)
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return next((lang for lang in LANGUAGES if locale.lower().startswith(lang)), "en")


def language_in(arguments: Sequence[str]) -> str:
    """The value of `--lang` in raw arguments, "" when there is none.

    Help and usage errors are shown before the arguments are parsed, in the right language.
    """
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
    return ""


def _spoken(wanted: str) -> Language:
    for lang in LANGUAGES:
        if wanted.lower() == lang:
            return lang
    raise UserError(
        T("Vigie does not speak {lang!r}", lang=wanted),
        T("Choose from: {names}", names=LANGUAGES),
    )

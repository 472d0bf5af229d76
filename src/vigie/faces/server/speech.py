"""The language of whoever asks."""

from __future__ import annotations

from typing import Any

from starlette.requests import HTTPConnection

from vigie.model.text import Language, Text, Words
from vigie.wiring.words import LANGUAGES, words


def language_of(request: HTTPConnection) -> Language:
    """The first language of `Accept-Language` that Vigie speaks (RFC 9110, 12.5.4), else that of
    the signed-in person, else English."""
    header = request.headers.get("accept-language", "")
    weighed = []
    for number, part in enumerate(header.split(",")[:20]):
        tag, _, parameters = part.strip().partition(";")
        weighed.append((-_weight(parameters), number, tag.split("-")[0].lower()))
    for weight, _, tag in sorted(weighed):
        for lang in LANGUAGES:
            if tag == lang and weight < 0:
                return lang
    own = getattr(request.state, "language", "en")
    return own if own in LANGUAGES else "en"


def words_for(request: HTTPConnection) -> Words:
    """The words of that language."""
    return words(language_of(request))


def spoken(plain: Any, words: Words) -> Any:
    """A stored document with every sentence in it said in this language. Sentences are kept as
    data (`template`, `params`; results write them with their English as `en` besides, or `en`
    alone where nothing is filled in), so that each reader gets them in their own."""
    if isinstance(plain, list):
        return [spoken(item, words) for item in plain]
    if not isinstance(plain, dict):
        return plain
    template = plain.get("template", plain.get("en"))
    if isinstance(template, str) and set(plain) <= {"template", "params", "plural", "en"}:
        params = plain.get("params") or {}
        filled = {name: spoken(value, words) for name, value in params.items()}
        return words(Text(template, filled, plain.get("plural") or "")) if template else ""
    return {name: spoken(value, words) for name, value in plain.items()}


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0

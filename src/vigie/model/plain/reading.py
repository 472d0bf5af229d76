"""From plain values back to the model. What does not fit is named by its place."""

from __future__ import annotations

import re
import string
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Union, get_args, get_origin

from vigie.model.errors import UserError
from vigie.model.findings import Finding
from vigie.model.plain.layout import INLINE, RENAMED, attributes, default_of
from vigie.model.results import SCHEMA_VERSION, Result
from vigie.model.text import T, Text

Read = Callable[[Any], Any]

_DEEPEST = 8  # texts inside texts
_ABSENT = object()
# A width of a million columns is an attack, not a sentence.
_FORMATS = re.compile(r"[,+]?\d{0,2}(\.\d{1,2})?[dfgs%]?")


class _Misfit(Exception):  # noqa: N818 - it never leaves this module
    """A value that is not what the layout asks for; `wanted` is None when it is not there.

    `path` grows on the way up.
    """

    def __init__(self, wanted: Text | None) -> None:
        self.wanted = wanted
        self.path: list[str] = []


def from_plain(plain: Mapping[str, Any]) -> Result:
    """The result that `to_plain` wrote. `findings` may be any iterator of plain findings.

    Keys that a later minor version added are ignored. Raises UserError when it is another
    major version of the layout or no result at all.
    """
    _check_version(plain)
    try:
        result: Result = reader(Result)(plain)
    except _Misfit as misfit:
        raise UserError(
            _said(misfit),
            T("Write it again with --format json=FILE and do not change it by hand."),
        ) from None
    return result


def plain_reader(cls: Any) -> Read:
    """The way back from what `plain_writer` of the same type wrote.

    It raises ValueError that names the place of what does not fit.
    """
    read = reader(cls)

    def checked(plain: Any) -> Any:
        try:
            return read(plain)
        except _Misfit as misfit:
            raise ValueError(str(_said(misfit))) from None

    return checked


def _said(misfit: _Misfit) -> Text:
    place = ".".join(reversed(misfit.path)).replace(".[", "[")
    if misfit.wanted is None:
        return T("this is not a whole Vigie result: {place} is missing", place=place)
    return T(
        "this is not a whole Vigie result: {place} should be {wanted}",
        place=place,
        wanted=misfit.wanted,
    )


def _check_version(plain: object) -> None:
    version = plain.get("schema_version") if isinstance(plain, Mapping) else None
    major, _, minor = version.partition(".") if isinstance(version, str) else ("", "", "")
    if not (major.isdecimal() and minor.isdecimal()):
        raise UserError(
            T("this is not a Vigie result: it has no schema_version"),
            T("Give a file written with --format json=FILE; for a scanner's report use merge."),
        )
    if major != SCHEMA_VERSION.partition(".")[0]:
        raise UserError(
            T(
                "this result has layout {version}, and this Vigie reads layout {ours}",
                version=version,
                ours=SCHEMA_VERSION,
            ),
            T("Use the version of Vigie that wrote it, or write the result again with this one."),
        )


@cache
def reader(hint: Any) -> Read:
    """What turns a plain value into this type of the model."""
    if isinstance(hint, type) and get_origin(hint) is None:
        return _of_type(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        read = reader(next(arg for arg in inner if arg is not types.NoneType))
        return lambda value: None if value is None else read(value)
    if origin is dict:
        return _counts(reader(inner[0]))
    if origin is frozenset:
        return _many(reader(inner[0]), frozenset)
    if get_origin(inner[0]) is tuple:
        _, said = get_args(inner[0])
        return _words_by_source if said is str else _many(_with_source(reader(said)), tuple)
    return _many(_word if inner[0] is str else reader(inner[0]), tuple)


def _of_type(hint: type) -> Read:
    if hint is Text:
        return _text
    if hint is Finding:
        return _of_finding()
    if is_dataclass(hint):
        return _of_class(hint)
    if issubclass(hint, Enum):
        return _member(hint)
    return {str: _string, int: _integer, float: _number, bool: _boolean}[hint]


def _of_finding() -> Read:
    """What an observation's rule leaves out is as in its finding's."""
    read = _of_class(Finding)
    key = RENAMED[Finding, "evidence"]

    def read_finding(plain: Any) -> Any:
        if isinstance(plain, Mapping):
            rule, said = plain.get("rule"), plain.get(key)
            if isinstance(rule, Mapping) and isinstance(said, list):
                plain = {**plain, key: [_with_rule(one, rule) for one in said]}
        return read(plain)

    return read_finding


def _with_rule(said: Any, told: Mapping[str, Any]) -> Any:
    if not isinstance(said, Mapping) or not isinstance(said.get("rule"), Mapping):
        return said
    return {**said, "rule": {**told, **said["rule"]}}


def _of_class(cls: type) -> Read:
    steps = [
        (key, reader(hint), default_of(field), (cls, field.name) in INLINE)
        for field, key, hint in attributes(cls)
    ]

    def read(plain: Any) -> Any:
        if not isinstance(plain, Mapping):
            raise _Misfit(T("an object"))
        values = []
        for key, read_one, default, inline in steps:
            item = plain if inline else plain.get(key, _ABSENT)
            try:
                if item is not _ABSENT:
                    values.append(read_one(item))
                elif default is not MISSING:
                    values.append(default)
                else:
                    raise _Misfit(None)
            except _Misfit as misfit:
                misfit.path.append(key)
                raise
        return cls(*values)

    return read


def _many(read: Read, gather: Callable[[Iterator[Any]], Any]) -> Read:
    def each(values: Any) -> Iterator[Any]:
        for index, value in enumerate(values):
            try:
                yield read(value)
            except _Misfit as misfit:
                misfit.path.append(f"[{index}]")
                raise

    def read_all(values: Any) -> Any:
        if not isinstance(values, (list, Iterator)):
            raise _Misfit(T("a list"))
        return gather(each(values))

    return read_all


def _with_source(read: Read) -> Read:
    def read_pair(plain: Any) -> tuple[str, Any]:
        said = read(plain)
        return _word(plain.get("source")), said

    return read_pair


def _words_by_source(plain: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(plain, Mapping):
        raise _Misfit(T("an object"))
    return tuple(
        (_word(source), _string(word))
        for source, said in plain.items()
        for word in (said if isinstance(said, list) else [said])
    )


def _counts(read_key: Read) -> Read:
    def read(plain: Any) -> dict[Any, int]:
        if not isinstance(plain, Mapping):
            raise _Misfit(T("an object"))
        return {read_key(key): _integer(count) for key, count in plain.items()}

    return read


def _member(enum: type[Enum]) -> Read:
    members = {member.value: member for member in enum}

    def read(value: Any) -> Enum:
        if not isinstance(value, str) or value not in members:
            raise _Misfit(T("one of the words of the schema"))
        return members[value]

    return read


def _string(value: Any) -> str:
    return "" if value is None else _word(value)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise _Misfit(T("text"))
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Misfit(T("a whole number"))
    return value


def _number(value: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _Misfit(T("a number"))
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Misfit(T("true or false"))
    return value


def _text(plain: Any, depth: int = 0) -> Text:
    if not isinstance(plain, Mapping) or depth > _DEEPEST:
        raise _Misfit(T("a text"))
    template = _word(plain.get("template", plain.get("en")))
    plural = _string(plain.get("plural"))
    said = plain.get("params", {})
    if not isinstance(said, Mapping):
        raise _Misfit(T("a text"))
    params = {name: _parameter(value, depth) for name, value in said.items()}
    names = frozenset(params)
    if params and not (_is_sound(template, names) and _is_sound(plural, names)):
        raise _Misfit(T("a text whose params fill its template"))
    text = Text(template, params, plural)
    if ":" in template + plural:
        _try_out(text)
    return text


def _try_out(text: Text) -> None:
    """A format that does not suit its value would only fail later, in a report."""
    try:
        for template in (text.template, text.plural):
            str(Text(template, text.params))
    except (ValueError, TypeError):
        raise _Misfit(T("a text whose params fill its template")) from None


def _parameter(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return _text(value, depth + 1)
    if isinstance(value, list):
        if depth > _DEEPEST:
            raise _Misfit(T("a text"))
        return tuple(_parameter(item, depth + 1) for item in value)
    return value


@lru_cache(maxsize=4096)
def _is_sound(template: str, names: frozenset[str]) -> bool:
    """True when `str.format` can fill it with these and does nothing but fill it.

    A result may come from elsewhere; a template must not reach into objects or ask for
    gigabytes of padding.
    """
    try:
        return all(
            name is None or (name in names and (not form or bool(_FORMATS.fullmatch(form))))
            for _, name, form, _ in string.Formatter().parse(template)
        )
    except ValueError:
        return False

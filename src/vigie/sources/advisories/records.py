"""One OSV record, from JSON to the model.

Source: the OSV schema 1.x, https://ossf.github.io/osv-schema/. What decides whether a version
is affected must be as the schema says, or the record is refused; everything else (severities,
references, fields of one database alone) is taken where it is understood and passed over where
it is not. Ranges of commits are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from vigie.model.advisories import Advisory, Affected, EventKind, Range, RangeType
from vigie.model.ecosystems import advisory_name
from vigie.model.observations import Score
from vigie.ports.advisories import AdvisoryRecord


class _Package(msgspec.Struct):
    ecosystem: str = ""
    name: str = ""


class _Range(msgspec.Struct):
    type: str = ""
    events: list[dict[str, str | None]] | None = None


class _Affected(msgspec.Struct):
    package: _Package | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None
    severity: Any = None
    ecosystem_specific: Any = None
    database_specific: Any = None


class _Record(msgspec.Struct):
    id: str
    affected: list[_Affected] | None = None
    withdrawn: str | None = None
    published: Any = None
    modified: Any = None
    aliases: Any = None
    related: Any = None
    upstream: Any = None
    summary: Any = None
    details: Any = None
    severity: Any = None
    references: Any = None
    database_specific: Any = None


_DECODER = msgspec.json.Decoder(_Record)
_RANGES = {kind.value: kind for kind in RangeType}
_PASSED_OVER = frozenset({"GIT"})
_EVENTS = {kind.value: kind for kind in EventKind}
# Said by Debian's tracker where it has not judged yet, or no longer does.
_NO_JUDGEMENT = frozenset({"not yet assigned", "end-of-life"})


def read_record(data: bytes) -> AdvisoryRecord:
    """The record in these bytes. Raises ValueError that says what is wrong with it."""
    try:
        record = _DECODER.decode(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    if not record.id.strip():
        raise ValueError("it has no id")
    entries = record.affected or []
    return AdvisoryRecord(
        _advisory(record, entries),
        tuple(one for entry in entries if (one := _affected(record.id, entry)) is not None),
    )


def _advisory(record: _Record, entries: list[_Affected]) -> Advisory:
    said, scores = _judged(record.severity)
    return Advisory(
        id=record.id,
        aliases=_texts(record.aliases),
        related=_texts(record.related),
        upstream=_texts(record.upstream),
        title=_text(record.summary),
        description=_text(record.details),
        severity=_word(_inside(record.database_specific, "severity")) or said,
        scores=scores,
        weaknesses=tuple(dict.fromkeys(_weaknesses(record, entries))),
        references=tuple(
            dict.fromkeys(
                url for entry in _list(record.references) if (url := _text(_inside(entry, "url")))
            )
        ),
        published=_text(record.published),
        modified=_text(record.modified),
        withdrawn=record.withdrawn or "",
    )


def _affected(identity: str, entry: _Affected) -> Affected | None:
    """None for an entry that is about no package, or about commits alone."""
    package = entry.package
    if package is None or not package.ecosystem or not package.name:
        return None
    ranges = tuple(_range(one) for one in entry.ranges or () if one.type not in _PASSED_OVER)
    versions = tuple(dict.fromkeys(entry.versions or ()))
    if not ranges and not versions:
        return None
    said, scores = _judged(entry.severity)
    return Affected(
        advisory=identity,
        ecosystem=package.ecosystem,
        name=advisory_name(package.ecosystem, package.name),
        ranges=ranges,
        versions=versions,
        severity=_own_word(entry) or said,
        scores=scores or _own_scores(entry),
        symbols=tuple(dict.fromkeys(_symbols(entry.ecosystem_specific))),
    )


def _range(entry: _Range) -> Range:
    kind = _RANGES.get(entry.type)
    if kind is None:
        raise ValueError(f"a range of versions has the unknown type {entry.type!r}")
    events: list[tuple[EventKind, str]] = []
    for event in entry.events or ():
        for name, version in event.items():
            happened = _EVENTS.get(name)
            if happened is None or version is None:
                continue
            if not version and happened is not EventKind.INTRODUCED:
                continue
            # The first schemas wrote "" for "before all versions".
            events.append((happened, version or "0"))
    return Range(kind, tuple(events))


def _judged(severity: Any) -> tuple[str, tuple[Score, ...]]:
    """The word and the CVSS vectors of a "severity" list; distributions put words into it."""
    word, scores = "", []
    for entry in _list(severity):
        said = _text(_inside(entry, "score")).strip()
        if _text(_inside(entry, "type")).startswith("CVSS"):
            scores += _score(said)
        elif said and not word:
            word = _word(said)
    return word, tuple(dict.fromkeys(scores))


def _score(vector: str) -> list[Score]:
    if vector.startswith("CVSS:"):
        return [Score("osv", vector[5:].partition("/")[0], vector)]
    return [Score("osv", "2.0", vector)] if "Au:" in vector else []


def _own_word(entry: _Affected) -> str:
    """What the database says about this package alone: Debian's urgency, Ubuntu's priority."""
    for specific in (entry.ecosystem_specific, entry.database_specific):
        for name in ("urgency", "ubuntu_priority", "severity"):
            if word := _word(_inside(specific, name)):
                return word
    # RustSec: no flaw, but a crate that nobody maintains, or something worth knowing.
    if _inside(entry.database_specific, "informational") in ("unmaintained", "notice"):
        return "informational"
    return ""


def _own_scores(entry: _Affected) -> tuple[Score, ...]:
    return tuple(_score(_text(_inside(entry.database_specific, "cvss"))))  # RustSec


def _weaknesses(record: _Record, entries: list[_Affected]) -> Iterator[str]:
    found = list(_texts(_inside(record.database_specific, "cwe_ids")))
    for entry in entries:
        found += _texts(_inside(entry.database_specific, "cwe_ids"))
        found += [
            _text(_inside(one, "cweId")) for one in _list(_inside(entry.database_specific, "cwes"))
        ]
    yield from (cwe for cwe in found if cwe.startswith("CWE-"))


def _symbols(specific: Any) -> Iterator[str]:
    """Vulnerable functions: "path.Symbol" of Go's imports, RustSec's paths as they are."""
    for imported in _list(_inside(specific, "imports")):
        path = _text(_inside(imported, "path"))
        for symbol in _texts(_inside(imported, "symbols")):
            yield f"{path}.{symbol}" if path else symbol
    yield from _texts(_inside(_inside(specific, "affects"), "functions"))


def _word(value: Any) -> str:
    word = _text(value).strip()
    return "" if word.lower() in _NO_JUDGEMENT else word


def _inside(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in _list(value) if isinstance(one, str) and one))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

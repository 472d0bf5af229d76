"""How advisories lie in the database: MessagePack, deflated where that pays.

A package's row holds all that is said about it. Version lists of one package repeat each other,
so its versions are written once and each entry keeps places in that list.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence

import msgspec

from vigie.model.advisories import Advisory, Affected, EventKind, Range, RangeType
from vigie.model.observations import Score

_RANGES = tuple(RangeType)
_EVENTS = tuple(EventKind)
_RANGE_CODES = {kind: code for code, kind in enumerate(_RANGES)}
_EVENT_CODES = {kind: code for code, kind in enumerate(_EVENTS)}
_PLAIN, _DEFLATED = b"\x00", b"\x01"
_WORTH_IT = 200  # bytes from which deflating a row saves more than it costs
_LARGEST = 1 << 30

_PackedRange = tuple[int, list[tuple[int, str]]]
_PackedScore = tuple[str, str, str, float | None]


class _Entry(msgspec.Struct, array_like=True):
    advisory: str
    ranges: list[_PackedRange]
    versions: bytes
    severity: str = ""
    scores: list[_PackedScore] = []
    symbols: list[str] = []


class _Package(msgspec.Struct, array_like=True):
    versions: list[str]
    entries: list[_Entry]


class _Details(msgspec.Struct, array_like=True):
    aliases: list[str]
    related: list[str]
    upstream: list[str]
    title: str
    description: str
    severity: str
    scores: list[_PackedScore]
    weaknesses: list[str]
    references: list[str]
    published: str
    modified: str


_ENCODER = msgspec.msgpack.Encoder()
_PACKAGES = msgspec.msgpack.Decoder(_Package)
_SINGLE = msgspec.msgpack.Decoder(tuple[list[str], _Entry])
_DETAILS = msgspec.msgpack.Decoder(_Details)


def pack_entry(affected: Affected) -> bytes:
    """One entry by itself, for sorting."""
    return _ENCODER.encode((affected.versions, _entry(affected)))


def pack_package(singles: Sequence[bytes]) -> bytes:
    """A package's row, made of what `pack_entry` gave for each of its entries."""
    places: dict[str, int] = {}
    entries = []
    listed = []
    for versions, entry in map(_SINGLE.decode, singles):
        listed.append([places.setdefault(version, len(places)) for version in versions])
        entries.append(entry)
    for entry, numbers in zip(entries, listed, strict=True):
        entry.versions = _packed_places(numbers, len(places))
    return _deflated(_ENCODER.encode(_Package(list(places), entries)))


def unpack_package(body: bytes, ecosystem: str, name: str) -> Iterator[Affected]:
    """What a package's row says. Raises ValueError when it is damaged."""
    package = _PACKAGES.decode(_inflated(body))
    listed = package.versions
    for entry in package.entries:
        places = _unpacked_places(entry.versions, len(listed))
        yield Affected(
            entry.advisory,
            ecosystem,
            name,
            tuple(
                Range(_RANGES[code], tuple((_EVENTS[what], version) for what, version in events))
                for code, events in entry.ranges
            ),
            tuple(map(listed.__getitem__, places)),
            entry.severity,
            _scores(entry.scores),
            tuple(entry.symbols),
        )


def pack_details(advisory: Advisory) -> bytes:
    """An advisory's row, without its id."""
    return _deflated(
        _ENCODER.encode(
            _Details(
                list(advisory.aliases),
                list(advisory.related),
                list(advisory.upstream),
                advisory.title,
                advisory.description,
                advisory.severity,
                _packed_scores(advisory.scores),
                list(advisory.weaknesses),
                list(advisory.references),
                advisory.published,
                advisory.modified,
            )
        )
    )


def unpack_details(body: bytes, identity: str) -> Advisory:
    """The advisory of this id. Raises ValueError when its row is damaged."""
    row = _DETAILS.decode(_inflated(body))
    return Advisory(
        id=identity,
        aliases=tuple(row.aliases),
        related=tuple(row.related),
        upstream=tuple(row.upstream),
        title=row.title,
        description=row.description,
        severity=row.severity,
        scores=_scores(row.scores),
        weaknesses=tuple(row.weaknesses),
        references=tuple(row.references),
        published=row.published,
        modified=row.modified,
    )


def _entry(affected: Affected) -> _Entry:
    return _Entry(
        affected.advisory,
        [
            (
                _RANGE_CODES[one.type],
                [(_EVENT_CODES[what], version) for what, version in one.events],
            )
            for one in affected.ranges
        ],
        b"",
        affected.severity,
        _packed_scores(affected.scores),
        list(affected.symbols),
    )


def _packed_scores(scores: Sequence[Score]) -> list[_PackedScore]:
    return [(s.source, s.version, s.vector, s.value) for s in scores]


def _scores(packed: Sequence[_PackedScore]) -> tuple[Score, ...]:
    return tuple(Score(*one) for one in packed) if packed else ()


def _packed_places(numbers: Sequence[int], of: int) -> bytes:
    """One byte for each place where the list is that short, else four, the lowest first."""
    if of <= 256:
        return bytes(numbers)
    wide = array("I", numbers)
    if sys.byteorder == "big":
        wide.byteswap()
    return wide.tobytes()


def _unpacked_places(packed: bytes, of: int) -> Sequence[int]:
    if of <= 256:
        return packed
    wide = array("I")
    wide.frombytes(packed)
    if sys.byteorder == "big":
        wide.byteswap()
    return wide


def _deflated(data: bytes) -> bytes:
    if len(data) < _WORTH_IT:
        return _PLAIN + data
    shorter = zlib.compress(data, 6)
    return _DEFLATED + shorter if len(shorter) < len(data) else _PLAIN + data


def _inflated(body: bytes) -> bytes:
    if body[:1] == _PLAIN:
        return body[1:]
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(body[1:], _LARGEST)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not inflater.eof:
        raise ValueError("it is cut off or too large")
    return data

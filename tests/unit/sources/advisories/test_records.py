"""One OSV record: what decides is taken exactly, the rest where it is understood."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.advisory_samples import affects, osv

from vigie.model.advisories import EventKind, Range, RangeType
from vigie.model.observations import Score
from vigie.ports.advisories import AdvisoryRecord
from vigie.sources.advisories.records import read_record

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def read(record: object) -> AdvisoryRecord:
    return read_record(json.dumps(record).encode())


def test_a_record_as_it_is_published() -> None:
    got = read(
        osv(
            "GHSA-1",
            affects("PyPI", "Zope.Interface", "1.2", versions=["1.0", "1.1", "1.0"]),
            aliases=["CVE-2024-1", "PYSEC-1"],
            related=["CVE-2024-2"],
            upstream=["CVE-2024-3"],
            summary="Bad",
            details="Very bad",
            published="2025-01-01T00:00:00Z",
            severity=[{"type": "CVSS_V3", "score": VECTOR}],
            references=[{"type": "WEB", "url": "https://a.example"}, {"type": "FIX"}],
            database_specific={"severity": "HIGH", "cwe_ids": ["CWE-79", "NVD-CWE-noinfo"]},
            schema_version="1.99.0",
            something_new={"deep": [1]},
        )
    )
    one = got.advisory
    assert (one.id, one.aliases, one.related, one.upstream) == (
        "GHSA-1", ("CVE-2024-1", "PYSEC-1"), ("CVE-2024-2",), ("CVE-2024-3",),
    )  # fmt: skip
    assert (one.title, one.description, one.severity) == ("Bad", "Very bad", "HIGH")
    assert one.scores == (Score("osv", "3.1", VECTOR),)
    assert (one.weaknesses, one.references) == (("CWE-79",), ("https://a.example",))
    assert (one.published, one.modified, one.withdrawn) == (
        "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "",
    )  # fmt: skip
    (entry,) = got.affected
    assert (entry.advisory, entry.ecosystem, entry.name) == ("GHSA-1", "PyPI", "zope-interface")
    assert entry.versions == ("1.0", "1.1")
    assert entry.ranges == (
        Range(RangeType.ECOSYSTEM, ((EventKind.INTRODUCED, "0"), (EventKind.FIXED, "1.2"))),
    )


def ranges(*events: dict[str, str | None], kind: str = "SEMVER") -> dict[str, Any]:
    return affects("Go", "a.example/x", ranges=[{"type": kind, "events": list(events)}])


def test_events_of_every_kind_keep_their_order() -> None:
    got = read(
        osv("A", ranges({"limit": "9"}, {"introduced": "1", "fixed": "2"}, {"last_affected": "7"}))
    )
    (span,) = got.affected[0].ranges
    assert span.type is RangeType.SEMVER
    assert [(kind.value, version) for kind, version in span.events] == [
        ("limit", "9"), ("introduced", "1"), ("fixed", "2"), ("last_affected", "7"),
    ]  # fmt: skip


def test_an_empty_beginning_is_before_all_and_an_empty_end_is_none() -> None:
    got = read(osv("A", ranges({"introduced": ""}, {"fixed": ""}, {"fixed": None}, {"new": "3"})))
    assert got.affected[0].ranges[0].events == ((EventKind.INTRODUCED, "0"),)


def test_commits_say_nothing_about_versions() -> None:
    commits = affects("PyPI", "x", ranges=[{"type": "GIT", "events": [{"introduced": "abc"}]}])
    assert read(osv("A", commits)).affected == ()
    listed = {**commits, "versions": ["1.0"]}
    (entry,) = read(osv("A", listed)).affected
    assert (entry.ranges, entry.versions) == ((), ("1.0",))


def test_an_entry_about_no_package_is_passed_over() -> None:
    entries = [{"ranges": [{"type": "SEMVER"}]}, {**affects("PyPI", ""), "versions": ["1"]},
               {**affects("", "x"), "versions": ["1"]}]  # fmt: skip
    assert read({"id": "A", "affected": entries}).affected == ()
    assert read({"id": "A"}).affected == ()
    assert read({"id": "A", "affected": None}).affected == ()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"ecosystem_specific": {"urgency": "unimportant"}}, "unimportant"),
        ({"ecosystem_specific": {"urgency": "not yet assigned"}}, ""),
        ({"database_specific": {"urgency": "end-of-life"}}, ""),
        ({"ecosystem_specific": {"ubuntu_priority": "medium"}}, "medium"),
        ({"severity": [{"type": "Ubuntu", "score": "low"}]}, "low"),
        ({"database_specific": {"severity": "Important"}}, "Important"),
        ({"database_specific": {"informational": "unmaintained"}}, "informational"),
        ({"database_specific": {"informational": "unsound"}}, ""),
        ({"ecosystem_specific": {"urgency": "low", "severity": "HIGH"}}, "low"),
        ({"ecosystem_specific": {"severity": 7}}, ""),
        ({"ecosystem_specific": "odd", "database_specific": ["odd"], "severity": {"a": 1}}, ""),
    ],
)
def test_the_word_for_one_package(more: dict[str, Any], word: str) -> None:
    assert read(osv("A", affects("Debian:12", "x", **more))).affected[0].severity == word


def test_scores_for_one_package() -> None:
    own = [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N"}, {"type": "CVSS_V2", "score": "AV:N/Au:N"},
           {"type": "CVSS_V3", "score": "7.5"}]  # fmt: skip
    (entry,) = read(osv("A", affects("PyPI", "x", severity=own))).affected
    assert [(s.version, s.vector) for s in entry.scores] == [
        ("4.0", "CVSS:4.0/AV:N"), ("2.0", "AV:N/Au:N"),
    ]  # fmt: skip
    rust = affects("crates.io", "x", database_specific={"cvss": VECTOR})
    assert read(osv("A", rust)).affected[0].scores == (Score("osv", "3.1", VECTOR),)


def test_vulnerable_functions() -> None:
    imports = [{"path": "a.example/x", "symbols": ["F", "T.G"]}, {"path": "a.example/y"}]
    go = affects("Go", "a.example/x", ecosystem_specific={"imports": imports})
    assert read(osv("A", go)).affected[0].symbols == ("a.example/x.F", "a.example/x.T.G")
    rust = affects("crates.io", "x", ecosystem_specific={"affects": {"functions": ["x::f"]}})
    assert read(osv("A", rust)).affected[0].symbols == ("x::f",)


def test_weaknesses_of_an_entry_and_a_withdrawal() -> None:
    odd = affects("PyPI", "x", database_specific={"cwes": [{"cweId": "CWE-20"}], "cwe_ids": None})
    got = read(osv("A", odd, withdrawn="2025-02-02T00:00:00Z"))
    assert got.advisory.weaknesses == ("CWE-20",)
    assert got.advisory.withdrawn == "2025-02-02T00:00:00Z"
    assert read(osv("A", withdrawn=None)).advisory.withdrawn == ""


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"id": ""}', b'{"id": 7}',
        b'{"id": "A", "affected": {}}',
        b'{"id": "A", "affected": [{"versions": [1]}]}',
        json.dumps(osv("A", ranges(kind="NEW"))).encode(),
        b'{"id": "A", "affected": [{"ranges": [{"type": "SEMVER", "events": [7]}]}]}',
        b'{"id": "A", "withdrawn": 1}', b"\xff\xfe", b'{"id": "\\ud800"}',
        b'{"id": "A", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_record(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "severity", "score", "type", "cwes", "cweId", "imports", "symbols",
                         "path", "url", "urgency", "affects", "functions", "x"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["aliases", "related", "upstream", "summary", "details", "severity",
                         "references", "database_specific", "published", "modified", "credits"]),
        JSON,
    ),
    JSON, JSON,
)  # fmt: skip
def test_nothing_beside_the_versions_keeps_a_record_from_being_read(
    more: dict[str, Any], specific: Any, severity: Any
) -> None:
    entry = affects("PyPI", "demo", ecosystem_specific=specific, database_specific=specific,
                    severity=severity)  # fmt: skip
    got = read({**more, "id": "A", "affected": [entry]})
    assert got.affected[0].ranges[0].events[-1] == (EventKind.FIXED, "2.0")
    assert all(isinstance(text, str) for text in (*got.advisory.aliases, *got.affected[0].symbols))


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_give_a_record_or_a_reason(data: bytes) -> None:
    try:
        assert read_record(data).advisory.id
    except ValueError as error:
        assert str(error)

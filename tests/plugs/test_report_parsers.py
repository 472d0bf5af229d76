"""The behaviour of the report port, over every parser there is, built in or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugs.report_samples import GOLDEN, PARSERS, all_samples, samples, spell
from vigie.model.errors import UserError
from vigie.ports.reports import Report, ReportParser
from vigie.sources.reports.document import Limits, document_from_bytes, open_document
from vigie.sources.reports.reading import read_document
from vigie.sources.reports.recognise import recognise

FORMATS = list(PARSERS)
SAMPLES = all_samples()
every_sample = pytest.mark.parametrize(
    "sample", SAMPLES, ids=[f"{p.parent.name}/{p.name}" for p in SAMPLES]
)
every_format = pytest.mark.parametrize("name", FORMATS)


def parser_of(sample: Path) -> ReportParser:
    parser: ReportParser = PARSERS[sample.parent.name]
    return parser


def read(sample: Path) -> list[Report]:
    return read_document(parser_of(sample), open_document(sample))


def assert_nothing_lost(reports: list[Report]) -> None:
    for report in reports:
        named = [problem for problem in report.problems if problem.record]
        assert report.records == len(report.observations) + len(named)


@every_format
def test_parser_is_named_after_its_module_and_has_samples(name: str) -> None:
    parser = PARSERS[name]
    assert parser.format == name
    assert parser.tool and parser.label and parser.coverage.kinds
    assert samples(name), f"write a small report into {GOLDEN / name}"


@every_sample
def test_format_is_recognised_by_its_parser_alone(sample: Path) -> None:
    document = open_document(sample)
    assert recognise(document, PARSERS.load_all()).format == sample.parent.name


@every_sample
def test_every_record_becomes_an_observation_or_a_problem_that_names_it(sample: Path) -> None:
    reports = read(sample)
    assert reports
    assert_nothing_lost(reports)
    for report in reports:
        pointers = [o.record for o in report.observations]
        pointers += [p.record for p in report.problems if p.record]
        assert all(pointers), "an observation names its record"
        assert len(set(pointers)) == len(pointers), "records are named once each"


@every_sample
def test_reading_twice_says_the_same(sample: Path) -> None:
    assert read(sample) == read(sample)


@every_sample
def test_observations_are_what_the_golden_file_says(sample: Path, update_golden: bool) -> None:
    expected = sample.with_name(sample.name + ".golden")
    spoken = spell(read(sample))
    if update_golden:
        expected.write_text(spoken, encoding="utf-8")
    assert spoken == expected.read_text(encoding="utf-8")


@every_sample
def test_truncated_report_is_refused_or_loses_nothing(sample: Path) -> None:
    data = sample.read_bytes()
    for cut in {len(data) // 7, len(data) // 3, len(data) // 2, len(data) - 3}:
        try:
            document = document_from_bytes(data[:cut], "cut")
            assert_nothing_lost(read_document(parser_of(sample), document))
        except UserError as error:
            assert str(error) and str(error.hint)
            assert "\n" not in str(error)


@every_sample
def test_wrong_encoding_is_refused_with_a_hint(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    with pytest.raises(UserError) as caught:
        document_from_bytes(text.encode("utf-16"), "wide")
    assert str(caught.value.hint)


def test_a_picture_is_called_binary_and_not_badly_encoded() -> None:
    with pytest.raises(UserError, match=r"a\.png is a binary file"):
        document_from_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.png")


@every_format
@pytest.mark.parametrize(
    "data",
    [b"{}", b"[]", b"[[]]", b"null", b'{"a": 1}', b"<a/>", b"a,b,c\n1,2,3\n", b"0", b'"x"'],
    ids=repr,
)
def test_plainly_wrong_content_gives_an_error_or_an_empty_report(name: str, data: bytes) -> None:
    parser = PARSERS[name]
    try:
        reports = read_document(parser, document_from_bytes(data, "wrong"))
    except UserError as error:
        assert str(error) and "\n" not in str(error)
        return
    assert_nothing_lost(reports)
    assert not any(report.observations for report in reports)


NASTY: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([None, 1, "x", {}]),
    st.just({"": None, "id": [], "name": {}}),
)


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = (
        value.items() if isinstance(value, dict) else enumerate(value)
        if isinstance(value, list) else ()
    )  # fmt: skip
    return [at, *(path for key, item in steps for path in _paths(item, (*at, key)))]


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(copy[path[0]], path[1:], new)
    return copy


def _mutate_text(draw: st.DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(0, len(data)))
    length = draw(st.integers(0, 40))
    return data[:at] + draw(st.binary(max_size=12)) + data[at + length :]


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The report with one to three values replaced, or with some of its bytes replaced."""
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    if value is None or draw(st.integers(0, 3)) == 0:
        return _mutate_text(draw, data)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_paths(value)))
        value = _replaced(value, path, draw(NASTY))
    return json.dumps(value).encode()


@every_sample
def test_fuzzed_report_is_read_without_loss_or_refused(sample: Path) -> None:
    data = sample.read_bytes()
    parser = parser_of(sample)

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(mutated(data))
    def check(broken: bytes) -> None:
        try:
            document = document_from_bytes(broken, "fuzz", Limits(size=4_000_000))
            for candidate in PARSERS.load_all():
                candidate.recognises(document.sketch)
            assert_nothing_lost(read_document(parser, document))
        except UserError as error:
            assert str(error)

    check()


@pytest.mark.corpus
def test_every_report_of_the_corpus_is_recognised_and_nothing_is_lost(corpus: Path) -> None:
    seen: set[str] = set()
    files = [p for p in sorted((corpus / "reports").rglob("*")) if p.is_file()]
    files += sorted((corpus / "pairs").rglob("*.json"))
    for path in files:
        document = open_document(path)
        parser = recognise(document, PARSERS.load_all())
        reports = read_document(parser, document)
        assert reports, path
        assert_nothing_lost(reports)
        named = [p.message for r in reports for p in r.problems if p.record]
        assert not named, f"{path}: {named[0]}"
        seen.add(parser.format)
    assert len(files) >= 60
    assert len(seen) >= 25

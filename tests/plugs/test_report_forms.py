"""One report in another dress says the same: line ends, byte order mark, spaces, order of keys."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugs.report_samples import PARSERS, all_samples, plain
from vigie.ports.reports import Form, Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.reading import read_document
from vigie.sources.reports.recognise import recognise

SAMPLES = all_samples()
KNOWN = list(PARSERS.load_all())


def name_of(sample: Path) -> str:
    return f"{sample.parent.name}/{sample.name}"


def read(data: bytes, name: str = "report") -> list[Report]:
    """What the report says, by whichever parser claims it."""
    document = document_from_bytes(data, name)
    return read_document(recognise(document, KNOWN), document)


def form_of(sample: Path) -> Form:
    return document_from_bytes(sample.read_bytes()).sketch.form


def documents(sample: Path) -> list[Any]:
    """The JSON documents in the file: one, or one for each line."""
    text = sample.read_text(encoding="utf-8")
    if form_of(sample) is Form.JSON_LINES:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return [json.loads(text)]


def written(sample: Path, change: Callable[[Any], Any] = lambda value: value, **how: Any) -> bytes:
    """The same JSON written anew; JSON lines stay lines."""
    lines = [json.dumps(change(value), **how) for value in documents(sample)]
    return "\n".join(lines).encode()


JSON = [path for path in SAMPLES if form_of(path) not in (Form.XML, Form.CSV)]
WHOLE = [path for path in JSON if form_of(path) is not Form.JSON_LINES]
XML = [path for path in SAMPLES if form_of(path) is Form.XML]
CSV = [path for path in SAMPLES if form_of(path) is Form.CSV]
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
every_json = pytest.mark.parametrize("sample", JSON, ids=name_of)


@every_sample
def test_with_other_line_ends(sample: Path) -> None:
    data = sample.read_bytes()
    assert b"\r" not in data
    assert read(data.replace(b"\n", b"\r\n")) == read(data)


@every_sample
def test_with_a_byte_order_mark(sample: Path) -> None:
    data = sample.read_bytes()
    assert read(b"\xef\xbb\xbf" + data) == read(data)


@every_sample
def test_with_blank_lines_after_it(sample: Path) -> None:
    data = sample.read_bytes()
    assert read(data + b"\n\r\n \n") == read(data)


@every_sample
def test_under_a_wrong_name(sample: Path) -> None:
    data = sample.read_bytes()
    assert read(data, "trivy-results.sarif.xml") == read(data, "")


@every_json
def test_minified_and_in_ascii(sample: Path) -> None:
    expected = read(sample.read_bytes())
    assert read(written(sample, separators=(",", ":"))) == expected
    assert read(written(sample, ensure_ascii=False)) == expected


@pytest.mark.parametrize("sample", WHOLE, ids=name_of)
def test_indented(sample: Path) -> None:
    expected = read(sample.read_bytes())
    assert read(written(sample, indent="\t")) == expected
    assert read(written(sample, indent=4).replace(b"\n", b"\r\n")) == expected


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    pairs = [(key, shuffled(item, chance)) for key, item in value.items()]
    chance.shuffle(pairs)
    return dict(pairs)


def unordered(reports: list[Report]) -> list[str]:
    """Reports without the order of what a JSON object held: its members have none.

    Formats that keep records as members of an object (npm audit, detect-secrets) give them in
    the order of the members, and lists built from members follow it too.
    """

    def spoken(value: Any) -> str:
        return json.dumps(loose(value), sort_keys=True, ensure_ascii=False)

    def loose(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: loose(item) for key, item in value.items()}
        if isinstance(value, list):
            return sorted(spoken(item) for item in value)
        return value

    return [spoken(plain(report)) for report in reports]


@every_json
def test_keys_in_any_order(sample: Path) -> None:
    expected = unordered(read(sample.read_bytes()))

    @settings(max_examples=8, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        mixed = written(sample, lambda value: shuffled(value, random.Random(seed)))
        assert unordered(read(mixed)) == expected

    check()


@pytest.mark.parametrize("sample", XML, ids=name_of)
def test_xml_with_a_declaration_a_comment_and_space_before_it(sample: Path) -> None:
    data = sample.read_bytes()
    body = data.partition(b"?>")[2] if data.startswith(b"<?xml") else data
    expected = read(data)
    for head in (
        b"",
        b"\n  ",
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        b'<?xml version="1.0"?><!-- made by hand -->\n<?xml-stylesheet href="a.xsl"?>',
    ):
        assert read(head + body) == expected


@pytest.mark.parametrize("sample", CSV, ids=name_of)
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_csv_with_other_quotes_and_columns_in_another_order(sample: Path, quoting: Any) -> None:
    text = sample.read_text(encoding="utf-8")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    for mark in ",;\t":
        out = io.StringIO(newline="")
        columns = sorted(rows[0], reverse=True)
        writer = csv.DictWriter(out, columns, delimiter=mark, quoting=quoting)
        writer.writeheader()
        writer.writerows(rows)
        assert read(out.getvalue().encode()) == read(sample.read_bytes())

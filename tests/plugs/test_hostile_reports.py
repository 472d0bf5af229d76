"""Files made to hurt: each is refused in one line, or read within bounds, whatever its name."""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from tests.plugs.report_samples import PARSERS
from vigie.model.errors import UserError
from vigie.model.runs import Outcome
from vigie.ports.reports import Report
from vigie.services.intake import read_paths
from vigie.sources.reports.document import Limits, document_from_bytes, open_document
from vigie.sources.reports.reading import read_document
from vigie.sources.reports.recognise import recognise

MIB = 1024**2
GRYPE = b'{"descriptor":{"name":"grype"},"matches":[%s]}'
ZAP = b'<OWASPZAPReport version="2.16.0">%s</OWASPZAPReport>'


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.json", b"0" * 20 * MIB)
    return out.getvalue()


def laughs() -> bytes:
    lines = [b'<!ENTITY a0 "ha">']
    for depth in range(1, 10):
        inner = b"&a%d;" % (depth - 1)
        lines.append(b'<!ENTITY a%d "%s">' % (depth, inner * 10))
    return b"<!DOCTYPE r [%s]>" % b"".join(lines) + ZAP % b"&a9;"


REFUSED: dict[str, Callable[[], bytes]] = {
    "nested arrays": lambda: b"[" * 100_000 + b"]" * 100_000,
    "nested objects": lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "nested and cut off": lambda: b"[" * 1_000_000,
    "nested inside a record": lambda: (
        GRYPE % (b'{"vulnerability":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    ),
    "one string": lambda: b'"' + b"a" * 8 * MIB + b'"',
    "one key": lambda: b'{"' + b"a" * 8 * MIB + b'":1}',
    "keys with line ends": lambda: b'{"a\\nb":1,"c\\u001b[2Jd":2}',
    "white space": lambda: b" \r\n" * 2_000_000,
    "zeros": lambda: b"\0" * 8 * MIB,
    "bytes": lambda: bytes(range(128, 256)) * 1000,
    "spaces of other scripts": lambda: "\u2028\u3000\x85".encode() * 100,
    "entities in entities": laughs,
    "one long entity, often": lambda: (
        b'<!DOCTYPE r [<!ENTITY a "%s">]>' % (b"a" * 100_000) + ZAP % (b"&a;" * 10_000)
    ),
    "external entity": lambda: (
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + ZAP % b"&a;"
    ),
    "parameter entity": lambda: (
        b'<!DOCTYPE r [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>' + ZAP % b""
    ),
    "entity of an outer DTD": lambda: (
        b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/outer.dtd">' + ZAP % b"<site>&outer;</site>"
    ),
    "endless comment": lambda: ZAP % (b"<!--" + b"a" * 12 * MIB + b"-->"),
    "endless attribute": lambda: ZAP % (b'<site name="' + b"a" * 12 * MIB + b'"/>'),
    "endless document type": lambda: (
        b"<!DOCTYPE r [" + b"<!ELEMENT a (b)>" * 200_000 + b"]>" + ZAP % b""
    ),
    "nested elements": lambda: ZAP % (b"<site>" + b"<a>" * 100_000 + b"</a>" * 100_000),
    "unclosed elements": lambda: b"<OWASPZAPReport>" + b"<a>" * 1_000_000,
    "zip": zipped,
    "gzip": lambda: gzip.compress(b"{}"),
}


def read(data: bytes, limits: Limits | None = None) -> list[Report]:
    document = document_from_bytes(data, "report", limits)
    return read_document(recognise(document, PARSERS.load_all()), document)


def assert_short_line(error: UserError) -> None:
    for words in (str(error), str(error.hint)):
        assert words.isprintable() and 0 < len(words) < 400


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_in_one_short_line_with_a_hint(name: str) -> None:
    with pytest.raises(UserError) as caught:
        read(REFUSED[name]())
    assert_short_line(caught.value)


@pytest.mark.parametrize("wrap", [b"[%s]", GRYPE, b'{"errors":[],"metrics":{},"results":[%s]}'])
def test_more_values_than_a_report_may_hold_are_refused_before_they_are_decoded(
    wrap: bytes,
) -> None:
    data = wrap % (b"{}," * 8_000_000 + b"{}")
    with pytest.raises(UserError, match="more records"):
        read(data, Limits(records=500_000))


def test_many_values_in_a_small_report_are_fine() -> None:
    records = b",".join([b'{"vulnerability":{"id":"CVE-1-1"},"artifact":{"name":"a"}}'] * 1000)
    assert read(GRYPE % records, Limits(records=10))[0].records == 1000


def test_too_many_lines_and_too_long_a_line_are_said() -> None:
    line = b'{"template-id":"a","info":{"name":"n"},"host":"h","matched-at":"h"}\n'
    with pytest.raises(UserError, match="more records"):
        read(line * 11, Limits(records=10))
    with pytest.raises(UserError, match="line 2 is longer"):
        read(line + line.replace(b'"a"', b'"%s"' % (b"a" * MIB)), Limits(line=MIB))


def test_too_many_rows_and_too_long_a_row_are_said() -> None:
    row = b"AWS;prowler-aws-1;check;FAIL;low;2024-01-01\n"
    head = b"PROVIDER;FINDING_UID;CHECK_ID;STATUS;SEVERITY;TIMESTAMP\n"
    parser = PARSERS["prowler"]
    for data, limits in (
        (head + row * 20, Limits(records=10)),
        (head + row.replace(b"low", b'"' + b"a" * 2 * MIB), Limits(line=MIB)),
    ):
        with pytest.raises(UserError) as caught:
            read_document(parser, document_from_bytes(data, "report", limits))
        assert_short_line(caught.value)


def test_record_larger_than_a_record_may_be_is_named_and_costs_no_other() -> None:
    good = b'{"vulnerability":{"id":"CVE-2024-1"},"artifact":{"name":"a"}}'
    huge = good.replace(b'"a"', b'"a","notes":"%s"' % (b"a" * 65 * MIB))
    (report,) = read(GRYPE % (huge + b"," + good))
    assert [problem.record for problem in report.problems] == ["matches[0]"]
    assert [o.record for o in report.observations] == ["matches[1]"]


def test_attribute_defaults_of_a_document_type_are_not_repeated_in_every_element() -> None:
    default = b'<!DOCTYPE r [<!ATTLIST site host CDATA "%s">]>' % (b"a" * 100_000)
    document = document_from_bytes(default + ZAP % (b"<site/>" * 100), "report")
    assert {site.attribute("host") for site in document.elements("site")} == {""}


def test_elements_that_nobody_asks_for_are_not_kept() -> None:
    document = document_from_bytes(ZAP % (b"<junk/>" * 200_000 + b"<site/>"), "report")
    assert [element.pointer for element in document.elements("site")] == ["site[0]"]


def test_elements_within_one_are_bounded() -> None:
    document = document_from_bytes(
        ZAP % (b"<site>" + b"<a/>" * 200 + b"</site>"), "report", Limits(records=100)
    )
    with pytest.raises(UserError, match="too large"):
        list(document.elements("site"))


def test_space_before_the_report_is_passed_over_however_long() -> None:
    space = b" \n" * 10_000
    assert read(space + GRYPE % b"")[0].tool == "grype"
    site = b'<?xml version="1.0"?>' + ZAP % b'<site name="https://shop.example"/>'
    assert read(space + site)[0].tool == "zap"


def test_text_stands_where_it_stood_between_elements() -> None:
    data = ZAP % b"<site>a<b>c</b>d<e/>f</site>"
    (site,) = document_from_bytes(data, "report").elements("site")
    assert site.text() == "acdf"
    assert (site.text("b"), site.text("e"), site.text("x")) == ("c", "", "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.json")
    with pytest.raises(UserError, match="pipe or a device") as caught:
        open_document(tmp_path / "report.json")
    assert_short_line(caught.value)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_device_is_refused_even_through_a_link(device: str, tmp_path: Path) -> None:
    (tmp_path / "report.json").symlink_to(device)
    with pytest.raises(UserError, match="pipe or a device"):
        open_document(tmp_path / "report.json")


def test_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").symlink_to(tmp_path / "report.json")
    with pytest.raises(UserError) as caught:
        open_document(tmp_path / "report.json")
    assert "cannot be read" in str(caught.value)


def test_file_without_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(GRYPE % b"")

    def deny(*_: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", deny)
    with pytest.raises(UserError, match="Permission denied"):
        open_document(path)


def test_folder_with_loops_pipes_and_devices_gives_its_reports_once(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.json").write_bytes(GRYPE % b"")
    (inner / "loop").symlink_to(tmp_path)
    (inner / "itself.json").symlink_to(inner / "itself.json")
    (inner / "zero.json").symlink_to("/dev/zero")
    os.mkfifo(inner / "pipe.json")
    assert [r.run.file for r in read_paths([tmp_path], PARSERS)] == [str(inner / "a.json")]


def test_folder_that_cannot_be_listed_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.json").write_bytes(GRYPE % b"")
    scandir = os.scandir

    def deny(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", deny)
    runs = [reading.run for reading in read_paths([tmp_path], PARSERS)]
    assert {run.outcome for run in runs} == {Outcome.FAILED, Outcome.COMPLETE}


def test_memory_stays_bounded_for_a_bomb_on_the_command_line(tmp_path: Path) -> None:
    """120 MB that would take 3 GB as objects are refused in less than 1 GiB of address space."""
    path = tmp_path / "bomb.json"
    with path.open("wb") as file:
        file.write(b"[" + b"{}," * 41_000_000 + b"{}]")

    def less() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1024 * MIB, 1024 * MIB))

    done = subprocess.run(
        [sys.executable, "-m", "vigie", "merge", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=less,
        check=False,
    )
    assert done.returncode == 2
    assert "more records" in done.stderr and "Traceback" not in done.stderr

"""The workbook, read back from its own XML."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace

from defusedxml import ElementTree
from tests.plugs.sample_result import FORMULA, empty, english, french, many, rich

from vigie.model.results import Result
from vigie.outlets.documents.xlsx import OUTLET
from vigie.ports.outlets import View

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(result: Result, view: View | None = None) -> bytes:
    (part,) = OUTLET.render(result, view or english())
    return b"".join(part.chunks)


def names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return [sheet.get("name", "") for sheet in book.iter(f"{NS}sheet")]


def sheet(data: bytes, number: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml")


def rows(data: bytes, number: int) -> list[dict[str, str]]:
    """Every row as {column letter: value}."""
    found = []
    for row in ElementTree.fromstring(sheet(data, number)).iter(f"{NS}row"):
        found.append(
            {
                cell.get("r", "").rstrip("0123456789"): "".join(cell.itertext())
                for cell in row.iter(f"{NS}c")
            }
        )
    return found


def test_the_sheets_in_both_languages() -> None:
    assert names(written(rich())) == [
        "Summary", "Findings", "Plan", "Runs and problems", "Set aside",
    ]  # fmt: skip
    assert names(written(rich(), french())) == [
        "Synthèse", "Constats", "Plan", "Exécutions et problèmes", "Écartés",
    ]  # fmt: skip


def test_the_summary_says_what_matters() -> None:
    said = [value for row in rows(written(rich()), 1) for value in row.values()]
    assert said[0] == "4 findings need you today, and not everything was looked at."
    assert "What was not looked at is unknown, not safe." in said
    assert any("it took longer than 600 s" in value for value in said)
    assert "◆ critical" in said


def test_findings_are_ranked_and_numbers_are_numbers() -> None:
    head, first, *others = rows(written(rich()), 2)
    column = {title: letter for letter, title in head.items()}
    assert first[column["Id"]] == "CVE-2021-44228"
    assert float(first[column["Score"]]) == 99.5
    assert float(first[column["EPSS"]]) == 0.97
    assert first[column["Exploited (KEV)"]] == "yes"
    assert len(others) == 12
    unknown = next(row for row in others if row[column["Id"]] == "CVE-2099-0001")
    assert column["Score"] not in unknown
    assert column["EPSS"] not in unknown


def test_severities_have_their_colours_and_scores_their_format() -> None:
    data = written(rich())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    fonts = [font.find(f"{NS}color") for font in styles.iter(f"{NS}font")]
    looks = next(iter(styles.iter(f"{NS}cellXfs")))
    cells = {cell.get("r"): looks[int(cell.get("s", "0"))]
             for cell in ElementTree.fromstring(sheet(data, 2)).iter(f"{NS}c")}  # fmt: skip
    critical = fonts[int(cells["C2"].get("fontId", "0"))]
    high = fonts[int(cells["C3"].get("fontId", "0"))]
    assert critical is not None and critical.get("rgb") == "FFB3123C"
    assert high is not None and high.get("rgb") == "FFD9480F"
    assert cells["B2"].get("numFmtId") != "0"


def test_settled_findings_have_a_sheet_of_their_own() -> None:
    _head, *found = rows(written(rich()), 5)
    assert len(found) == 3
    assert "Équipe Sécu" in found[0].values()


def test_the_plan_and_the_runs() -> None:
    data = written(rich())
    assert rows(data, 3)[1]["B"] == "org.apache.logging.log4j:log4j-core"
    outcomes = [row.get("C") for row in rows(data, 4)[1:]]
    assert {"complete", "partial", "failed"} <= set(outcomes)
    assert any("KEV catalogue" in row.get("I", "") for row in rows(data, 4))


def test_headers_stay_and_filters_cover_the_rows() -> None:
    page = sheet(written(many(20)), 2).decode()
    assert '<pane ySplit="1" topLeftCell="A2"' in page
    assert '<autoFilter ref="A1:U21"/>' in page


def test_no_formula_and_no_link_comes_from_a_report() -> None:
    data = written(replace(rich(), target=FORMULA))
    for number in range(1, 6):
        page = sheet(data, number).decode()
        assert "<f>" not in page
        assert "hyperlink" not in page
    assert any(FORMULA in value for row in rows(data, 2) for value in row.values())


def test_a_cell_holds_no_more_than_a_spreadsheet_can_read() -> None:
    long = replace(many(1).findings[0].rule, id="x" * 40_000)
    data = written(replace(empty(), findings=(replace(many(1).findings[0], rule=long),)))
    assert max(len(value) for row in rows(data, 2) for value in row.values()) == 32_767


def test_the_same_result_gives_the_same_bytes_at_another_time() -> None:
    first = written(rich())
    time.sleep(2.1)  # ZIP archives count in steps of two seconds
    assert written(rich()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert b"2025-03-04T05:06:07Z" in archive.read("docProps/core.xml")

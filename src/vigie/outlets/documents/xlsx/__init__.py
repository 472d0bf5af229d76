"""Spreadsheet (Office Open XML): summary, findings, plan, runs and what was set aside.

Everything from a report is written as a string, never as a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import xlsxwriter

from vigie.model.results import Result
from vigie.model.text import T
from vigie.outlets.documents.xlsx.book import Book
from vigie.outlets.documents.xlsx.sheets import write_sheets
from vigie.outlets.phrases.figures import line, moment
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the first day that a ZIP archive knows
_CHUNK = 1 << 16

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class XlsxOutlet:
    format = "xlsx"
    label = "Excel"
    suffix = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    binary = True
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(_chunks(result, view))


OUTLET = XlsxOutlet()


def _chunks(result: Result, view: View) -> Iterator[bytes]:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as workbook:
        created = moment(result.created) or _EPOCH
        title = view.words(T("Security report: {target}", target=result.target))
        workbook.set_properties(
            {
                "title": line(title, 255),
                "author": f"Vigie {view.version}".strip(),
                "created": created.replace(tzinfo=None),
            }
        )
        write_sheets(Book(workbook, view.words), result)
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk

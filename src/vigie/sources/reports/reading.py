"""Reads one document with one parser; what it cannot be is said in one line."""

from __future__ import annotations

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.reports import Document, Report, ReportParser
from vigie.sources.reports.records import RecordError


def read_document(parser: ReportParser, document: Document) -> list[Report]:
    """Every report in the document. Raises UserError when it cannot be this format."""
    try:
        reports = list(parser.read(document))
    except (RecordError, msgspec.DecodeError, RecursionError) as error:
        raise UserError(
            T("{name} is no {label} report: {why}", name=document.name, label=parser.label,
              why=str(error)),
            T("Give the report as the tool writes it, or say in which format it is (on the "
              "command line: --as FORMAT)."),
        ) from None  # fmt: skip
    if not reports:
        raise UserError(
            T("{name} holds no {label} report", name=document.name, label=parser.label),
            T(
                "Say in which format it is (on the command line: --as FORMAT; "
                "`vigie merge --help` lists them)."
            ),
        )
    return reports

"""The workbook with its looks, and a sheet that is written row after row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vigie.model.severity import Severity
from vigie.model.text import Text, Words
from vigie.outlets.phrases.figures import clean, line
from vigie.outlets.phrases.labels import COLOURS

_LONGEST = 32_767  # characters in a cell (Excel specifications and limits)
MOST_ROWS = 1_048_576 - 2  # the same, less the header and a line that says what is missing
_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}

Cell = str | float | None
Column = tuple[Text, int]


@dataclass
class Book:
    """The workbook with its looks, and the language it speaks."""

    workbook: Any
    words: Words
    looks: dict[Severity | str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        def look(**more: object) -> Any:
            return self.workbook.add_format({**_FONT, **more})

        for severity, colour in COLOURS.items():
            self.looks[severity] = look(font_color=colour, bold=severity.rank >= 4)
        self.looks["plain"] = look()
        self.looks["wrapped"] = look(text_wrap=True)
        self.looks["title"] = look(bold=True, font_size=16)
        self.looks["strong"] = look(bold=True)
        self.looks["quiet"] = look(font_color="#6B7280")
        self.looks["score"] = look(num_format="0.0")
        self.looks["share"] = look(num_format="0.00%")
        self.looks["header"] = look(bold=True, bottom=1, bg_color="#F3F4F6", text_wrap=True)


class Sheet:
    """One sheet, written row after row."""

    def __init__(self, book: Book, name: Text, columns: Sequence[Column] = ()) -> None:
        self.book = book
        self.sheet = book.workbook.add_worksheet(line(book.words(name), 31))
        self.width = len(columns)
        self.row = 0
        if columns:
            self.sheet.freeze_panes(1, 0)
            self.sheet.set_landscape()
            self.sheet.fit_to_pages(1, 0)
            self.sheet.repeat_rows(0)
            for index, (_, width) in enumerate(columns):
                self.sheet.set_column(index, index, width)
            self.add(*(book.words(text) for text, _ in columns), look="header")

    def add(self, *cells: Cell, look: Severity | str = "plain", looks: Any = None) -> None:
        """One row; `looks` names the look of a column by its number, `look` that of the rest."""
        for column, cell in enumerate(cells):
            style = self.book.looks[(looks or {}).get(column, look)]
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                self.sheet.write_string(self.row, column, clean(cell)[:_LONGEST], style)
            else:
                self.sheet.write_number(self.row, column, cell, style)
        self.row += 1

    def close(self) -> None:
        """Filters over everything that was written."""
        if self.width and self.row > 1:
            self.sheet.autofilter(0, 0, self.row - 1, self.width - 1)

"""Opens a report of any size: sniffs its form, keeps to the limits, decodes what is asked for.

JSON is memory-mapped and decoded piece by piece with msgspec: the outer level first, each
record when its turn comes, so a report of hundreds of megabytes costs its own size once.
XML is streamed with entity declarations refused.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.reports import Form, Sketch
from vigie.sources.reports.markup import Element, XmlLimits, read_elements, read_root
from vigie.sources.reports.opening import Limits, map_file, text_start, too_big
from vigie.sources.reports.records import Record
from vigie.sources.reports.tree import Node, RawHead, decode_node

__all__ = ["Limits", "ReportDocument", "document_from_bytes", "open_document"]

_UTF8 = codecs.getincrementaldecoder("utf-8")
_SOMETHING = re.compile(rb"[^ \t\r\n\f\v]")
_LARGE = 16 * 1024**2
_STEP = 256 * 1024  # bytes that are looked at together


class ReportDocument:
    """One report in memory or mapped from a file. `name` is for messages, never for decisions."""

    def __init__(self, data: bytes | mmap.mmap, name: str, limits: Limits) -> None:
        self._data = data
        self.name = name
        self.limits = limits
        self._start = text_start(data, name)
        self.sketch = self._sniff()

    # -- JSON

    @cached_property
    def root(self) -> Node:
        """The whole document as a lazy JSON node."""
        return self._decode_json(self._view(), "")

    def lines(self) -> Iterator[Node]:
        """JSON lines, one node each; pointers are "line 1", "line 2"… Blank lines are passed.

        A JSON array gives its items instead and a lone object gives itself, because tools
        that write JSON lines are often collected into either.
        """
        if self.sketch.form is Form.JSON_ARRAY:
            yield from self.root.items()
            return
        if self.sketch.form is Form.JSON_OBJECT:
            yield Node(self.root.raw, "line 1")
            return
        for number, line in self._raw_lines():
            if line.strip():
                yield Node(msgspec.Raw(line.strip()), f"line {number}")

    def rows(self, delimiter: str = "") -> Iterator[Record]:
        """CSV rows as records under the header's names; pointers are "row 2", "row 3"…"""
        # Line ends inside quoted values follow the file's, and the system it was written on.
        text = (line.decode().replace("\r\n", "\n") for _, line in self._raw_lines())
        csv.field_size_limit(self.limits.line)
        try:
            for number, row in enumerate(
                csv.DictReader(text, delimiter=delimiter or self._delimiter()), start=2
            ):
                values = {k: v for k, v in row.items() if k is not None}
                said = [value for value in values.values() if value is not None]
                if len(said) > 1 or "".join(said).strip():  # else a line of spaces
                    yield Record(values, f"row {number}")
        except UnicodeDecodeError as error:
            self._refuse_encoding(error)
        except csv.Error as error:
            raise UserError(
                T("{name} is not readable as CSV: {error}", name=self.name, error=str(error)),
                T("Export the report again with the tool's own CSV option."),
            ) from None

    # -- XML

    def elements(self, *tags: str) -> Iterator[Element]:
        """Elements with one of these tags, each complete, in document order."""
        limits = XmlLimits(self.limits.depth, self.limits.records)
        yield from read_elements(_Bytes(self._view()), self.name, tags, limits)

    # -- inside

    def _view(self) -> memoryview:
        return memoryview(self._data)[self._start :]

    def _raw_lines(self) -> Iterator[tuple[int, bytes]]:
        """Every line as it stands, with its number."""
        buffered = io.BufferedReader(_Bytes(self._view()), buffer_size=1 << 20)
        for number in range(1, self.limits.records + 2):
            line = buffered.readline(self.limits.line + 1)
            if not line:
                return
            if len(line) > self.limits.line:
                self._refuse_line(number)
            if number > self.limits.records:
                self._refuse_count()
            yield number, line

    def _sniff(self) -> Sketch:
        found = _SOMETHING.search(self._view())
        if found is None:
            raise UserError(
                T("{name} is empty", name=self.name),
                T("An empty report is not 'no findings': see whether the tool failed."),
            )
        first = found[0]
        if first == b"<":
            self._start += found.start()  # an XML declaration stands at the very beginning
            return read_root(_Bytes(self._view()), self.name)
        if first in (b"{", b"["):
            return self._sniff_json(first)
        return self._sniff_csv()

    def _sniff_json(self, first: bytes) -> Sketch:
        self._check_values()
        try:
            root = decode_node(self._view(), "")
        except msgspec.DecodeError as error:
            lines = self._sniff_lines() if first == b"{" else None
            if lines is None:
                self._refuse_json(error)
            return lines
        except RecursionError:
            self._refuse_depth()
        self.__dict__["root"] = root
        if first == b"{":
            head = RawHead(root)
            return Sketch(Form.JSON_OBJECT, keys=head.keys, head=head)
        for item in root.items():
            head = RawHead(item)
            return Sketch(Form.JSON_ARRAY, keys=head.keys, head=head)
        return Sketch(Form.JSON_ARRAY)

    def _check_values(self) -> None:
        """Commas are counted before anything is decoded: there are hardly more values than those.

        `{},{},{}…` takes twenty times its size in memory.
        """
        view = self._view()
        if len(view) <= _LARGE:
            return
        steps = range(0, len(view), _STEP)
        if sum(bytes(view[at : at + _STEP]).count(b",") for at in steps) > 8 * self.limits.records:
            self._refuse_count()

    def _sniff_lines(self) -> Sketch | None:
        """A sketch when the first line alone is a JSON object and more follows, else None."""
        found = list(_take((line for _, line in self._raw_lines() if line.strip()), 2))
        if len(found) < 2:
            return None
        try:
            head = RawHead(decode_node(memoryview(found[0].strip()), "line 1"))
        except (msgspec.DecodeError, RecursionError):
            return None
        return Sketch(Form.JSON_LINES, keys=head.keys, head=head)

    def _sniff_csv(self) -> Sketch:
        head = bytes(self._view()[:65536])
        try:
            # A cut inside a character is no error, a byte that is none is.
            text = _UTF8("strict").decode(head, len(head) < 65536)
        except UnicodeDecodeError as error:
            self._refuse_encoding(error)
        line = next(iter(text.lstrip().splitlines()), "")
        delimiter = max(",;\t", key=line.count)
        columns = tuple(next(csv.reader([line], delimiter=delimiter), []))
        if len(columns) < 3:
            raise UserError(
                T("{name} is not JSON, XML or CSV", name=self.name),
                T("Give the report as the tool writes it, for example with its JSON option."),
            )
        return Sketch(Form.CSV, columns=columns)

    def _delimiter(self) -> str:
        line = bytes(self._view()[:65536]).lstrip().split(b"\n", 1)[0]
        return max(",;\t", key=lambda mark: line.count(mark.encode()))

    def _decode_json(self, view: memoryview, pointer: str) -> Node:
        try:
            return decode_node(view, pointer)
        except msgspec.DecodeError as error:
            self._refuse_json(error)
        except RecursionError:
            self._refuse_depth()

    def _refuse_json(self, error: msgspec.DecodeError) -> NoReturn:
        if "truncated" in str(error):
            raise UserError(
                T("{name} is truncated: its JSON stops in the middle", name=self.name),
                T("The tool or the copy was interrupted; make the report again."),
            ) from None
        if "utf-8" in str(error).lower():
            self._refuse_encoding(error)
        raise UserError(
            T("{name} is not valid JSON: {error}", name=self.name, error=str(error)),
            T("Give the report as the tool writes it, without log lines around it."),
        ) from None

    def _refuse_depth(self) -> NoReturn:
        raise UserError(
            T("{name} is nested too deeply to be a report", name=self.name),
            T("No known tool nests that deep; see where the file comes from."),
        ) from None

    def _refuse_encoding(self, error: Exception) -> NoReturn:
        raise UserError(
            T("{name} is not UTF-8: {error}", name=self.name, error=str(error)),
            T("Save it as UTF-8: iconv -f latin1 -t utf-8 FILE."),
        ) from None

    def _refuse_line(self, number: int) -> NoReturn:
        raise UserError(
            T(
                "{name}: line {number} is longer than a line may be ({size} MiB)",
                name=self.name,
                number=number,
                size=self.limits.line // 1024**2,
            ),
            T("See what the tool wrote there, or raise the limit with VIGIE_LIMITS__LINE_BYTES."),
        )

    def _refuse_count(self) -> NoReturn:
        raise UserError(
            T("{name} holds more records than a report may", name=self.name),
            T("Split the scan, or raise the limit with VIGIE_LIMITS__REPORT_RECORDS."),
        )


def open_document(path: Path, limits: Limits | None = None) -> ReportDocument:
    """Map the file and sniff its form. Raises UserError for what cannot be a report."""
    limits = limits or Limits()
    return ReportDocument(map_file(path, limits.size), str(path), limits)


def document_from_bytes(
    data: bytes, name: str = "report", limits: Limits | None = None
) -> ReportDocument:
    """The same for a report that is already in memory."""
    limits = limits or Limits()
    if len(data) > limits.size:
        raise too_big(name, limits.size)
    return ReportDocument(data, name, limits)


def _take(source: Iterator[Any], count: int) -> Iterator[Any]:
    for _, item in zip(range(count), source, strict=False):
        yield item


class _Bytes(io.RawIOBase):
    """A memoryview as a raw stream, without copying it whole."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._view[self._at : self._at + len(buffer)]
        buffer[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)

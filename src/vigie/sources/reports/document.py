"""Opens a report of any size: sniffs its form, keeps to the limits, decodes what is asked for.

JSON is memory-mapped and decoded piece by piece with msgspec: the outer level first, each
record when its turn comes, so a report of hundreds of megabytes costs its own size once.
XML is streamed with entity declarations refused (defusedxml).
"""

from __future__ import annotations

import csv
import io
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.ports.reports import Form, Sketch
from vigie.sources.reports.markup import Element, XmlLimits, read_elements, read_root
from vigie.sources.reports.records import Record
from vigie.sources.reports.tree import Node, RawHead, decode_node

_UTF8_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a report may cost. Beyond it is refused with a hint, never half read."""

    size: int = 2 * 1024**3  # bytes
    records: int = 5_000_000
    depth: int = 200  # XML; JSON depth is bounded by the decoder
    line: int = 64 * 1024**2  # bytes of one JSON line or CSV row


class ReportDocument:
    """One report in memory or mapped from a file. `name` is for messages, never for decisions."""

    def __init__(self, data: bytes | mmap.mmap, name: str, limits: Limits) -> None:
        self._data = data
        self.name = name
        self.limits = limits
        self._start = _check_encoding(data, name)
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
            yield Node(msgspec.Raw(line), f"line {number}")

    def rows(self, delimiter: str = "") -> Iterator[Record]:
        """CSV rows as records under the header's names; pointers are "row 2", "row 3"…"""
        text = io.TextIOWrapper(
            io.BufferedReader(_Bytes(self._view())), encoding="utf-8", newline=""
        )
        csv.field_size_limit(self.limits.line)
        try:
            for number, row in enumerate(
                csv.DictReader(text, delimiter=delimiter or self._delimiter()), start=2
            ):
                yield Record({k: v for k, v in row.items() if k is not None}, f"row {number}")
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
        self._data_seek()
        stream = _Bytes(self._view())
        buffered = io.BufferedReader(stream, buffer_size=1 << 20)
        for number in range(1, self.limits.records + 2):
            line = buffered.readline(self.limits.line + 1)
            if not line:
                return
            if len(line) > self.limits.line or number > self.limits.records:
                self._refuse_size()
            if line.strip():
                yield number, line.strip()

    def _data_seek(self) -> None:
        if isinstance(self._data, mmap.mmap):
            self._data.seek(0)

    def _sniff(self) -> Sketch:
        head = bytes(self._view()[:4096]).lstrip()
        if not head:
            raise UserError(
                T("{name} is empty", name=self.name),
                T("An empty report is not 'no findings': see whether the tool failed."),
            )
        if head[:1] == b"<":
            return read_root(_Bytes(self._view()), self.name)
        if head[:1] in (b"{", b"["):
            return self._sniff_json(head[:1])
        return self._sniff_csv()

    def _sniff_json(self, first: bytes) -> Sketch:
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

    def _sniff_lines(self) -> Sketch | None:
        """A sketch when the first line alone is a JSON object and more follows, else None."""
        found = list(_take(self._raw_lines(), 2))
        if len(found) < 2:
            return None
        try:
            head = RawHead(decode_node(memoryview(found[0][1]), "line 1"))
        except (msgspec.DecodeError, RecursionError):
            return None
        return Sketch(Form.JSON_LINES, keys=head.keys, head=head)

    def _sniff_csv(self) -> Sketch:
        head = bytes(self._view()[:65536])
        try:
            line = head.decode("utf-8", "strict" if len(head) < 65536 else "ignore")
        except UnicodeDecodeError as error:
            self._refuse_encoding(error)
        line = line.lstrip().splitlines()[0]
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

    def _refuse_size(self) -> NoReturn:
        raise UserError(*_too_big(self.name, self.limits))


def open_document(path: Path, limits: Limits | None = None) -> ReportDocument:
    """Map the file and sniff its form. Raises UserError for what cannot be a report."""
    limits = limits or Limits()
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            if size > limits.size:
                raise UserError(*_too_big(str(path), limits))
            data: bytes | mmap.mmap = (
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
            )
    except IsADirectoryError:
        raise UserError(T("{name} is a folder, not a report", name=str(path))) from None
    except FileNotFoundError:
        raise UserError(
            T("{name} does not exist", name=str(path)), T("See whether the path is right.")
        ) from None
    except OSError as error:
        raise UserError(
            T("{name} cannot be read: {error}", name=str(path), error=error.strerror or "")
        ) from None
    return ReportDocument(data, str(path), limits)


def document_from_bytes(
    data: bytes, name: str = "report", limits: Limits | None = None
) -> ReportDocument:
    """The same for a report that is already in memory."""
    limits = limits or Limits()
    if len(data) > limits.size:
        raise UserError(*_too_big(name, limits))
    return ReportDocument(data, name, limits)


def _check_encoding(data: bytes | mmap.mmap, name: str) -> int:
    """Length of the byte order mark to pass over. UTF-16 and binary files are refused."""
    head = bytes(data[:4])
    if head.startswith(_UTF8_BOM):
        return len(_UTF8_BOM)
    if head.startswith(_WIDE_BOMS) or b"\x00" in head:
        raise UserError(
            T("{name} is UTF-16 or binary, not UTF-8 text", name=name),
            T(
                "PowerShell's > writes UTF-16: use the tool's own output option, "
                "or Out-File -Encoding utf8."
            ),
        )
    return 0


def _too_big(name: str, limits: Limits) -> tuple[Text, Text]:
    return (
        T(
            "{name} is larger than a report may be ({size} MiB)",
            name=name,
            size=limits.size // 1024**2,
        ),
        T("Split the scan, or raise the limit with VIGIE_LIMITS__REPORT_BYTES."),
    )


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

"""PDF: a page for the one who decides, then tables and evidence for those who mend.

Typst sets it with the fonts that it carries, so that every machine makes the same bytes.
The report's strings travel as JSON and are shown as strings: nothing in them is markup.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

from vigie.model.errors import UserError
from vigie.model.results import Result
from vigie.model.text import T
from vigie.outlets.documents.pdf.content import content
from vigie.outlets.phrases.figures import moment
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import Needs

_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


class PdfOutlet:
    format = "pdf"
    label = "PDF"
    suffix = ".pdf"
    media_type = "application/pdf"
    binary = True
    needs = Needs(extra="pdf")

    def render(self, result: Result, view: View) -> Iterator[Part]:
        try:
            import typst  # noqa: PLC0415 - the extra may be absent
        except ImportError:
            raise UserError(
                T("PDF needs the typst package, which is not installed"),
                T("Install it: pip install 'vigie[pdf]'"),
            ) from None
        created = moment(result.created) or _EPOCH
        said = content(result, view)
        said["date"] = list(created.timetuple()[:6])
        data = json.dumps(said, ensure_ascii=False)
        data = data.encode("utf-8", "replace").decode("utf-8")
        page = typst.compile(
            (files(__name__) / "report.typ").read_bytes(),
            format="pdf",
            ignore_system_fonts=not needs_more_fonts(data),
            sys_inputs={"data": data},
            timestamp=int(created.timestamp()),
        )
        yield Part([bytes(page)])


OUTLET = PdfOutlet()


def needs_more_fonts(data: str) -> bool:
    """True for letters beyond Latin, Greek and Cyrillic, which the carried fonts lack.

    Only then are the machine's fonts asked, and the bytes depend on it.
    """
    return any(
        ord(character) > 0x052F and unicodedata.category(character) in ("Lo", "Lm", "So")
        for character in set(data) - _CARRIED
    )


_CARRIED = frozenset("◆▲■●✓⚠✗→")

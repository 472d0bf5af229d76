"""detect-secrets baseline (`detect-secrets scan`), versions 0.x and 1.x, audited or not.

Source: Yelp/detect-secrets `detect_secrets/core/baseline.py` and `potential_secret.py`. The
report holds SHA-1 hashes of the secrets, never the secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vigie.model.observations import Claim, Kind, Location, Observation, Rule, Signals, Stance
from vigie.model.runs import Coverage
from vigie.ports.reports import Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_SHA1 = re.compile(r"^[0-9a-f]{40}$")


class DetectSecretsParser:
    format = "detect-secrets"
    tool = "detect-secrets"
    label = "detect-secrets"
    coverage = Coverage(frozenset({Kind.SECRET}))

    def recognises(self, sketch: Sketch) -> bool:
        return {"plugins_used", "results"} <= sketch.keys

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        tally = Tally()
        results = root.get("results")
        if results is None or results.first != b"{":
            raise RecordError("has no results")
        for name, hits in results.fields().items():
            # A file's entry that is no list is one record that cannot be read.
            tally.read_all(hits.items() if hits.first == b"[" else [hits], _Observer(name))
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=root.text("version"),
            ended=root.text("generated_at"),
        )


class _Observer:
    """Makes an observation of one hit in the file that `results` lists it under."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __call__(self, node: Node) -> Observation:
        hit = node.record()
        kind = hit.need("type")
        hashed = hit.text("hashed_secret").lower()
        return Observation(
            tool="detect-secrets",
            kind=Kind.SECRET,
            rule=Rule(id=kind, title=kind),
            record=hit.pointer,
            message=kind,
            locations=(
                Location(
                    path=clean_path(hit.text("filename") or self.file),
                    start_line=hit.line("line_number"),
                    # The tool's own SHA-1 is what `identity.secret_anchor` makes.
                    anchor=hashed if _SHA1.match(hashed) else "",
                ),
            ),
            signals=Signals(confidence=_confidence(hit)),
            claim=_claim(hit),
        )


def _confidence(hit: Record) -> str:
    """A verified secret was seen to work; an audited one was seen by a person."""
    return "high" if hit.flag("is_verified") or hit.flag("is_secret") else ""


def _claim(hit: Record) -> Claim | None:
    if hit.flag("is_secret") is not False:
        return None
    return Claim(Stance.SUPPRESSED, statement="audited: not a secret", author="detect-secrets")


PARSER = DetectSecretsParser()

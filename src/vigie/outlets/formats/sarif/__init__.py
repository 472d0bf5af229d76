"""SARIF 2.1.0, within what GitHub code scanning takes.

One run for each kind of finding, so that each is its own category there; kinds beyond a run's
limit continue in further runs, and results beyond a file's limit in further parts.
Sources: OASIS SARIF 2.1.0 (errata 01); GitHub documentation 'SARIF support for code scanning'
and 'SARIF results exceed one or more limits'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vigie.model.findings import Finding
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.model.runs import Outcome
from vigie.outlets.formats._wire.places import assets_of
from vigie.outlets.formats._wire.sentences import shortfalls
from vigie.outlets.formats.sarif.results import sarif_result
from vigie.outlets.formats.sarif.rules import Rules
from vigie.outlets.stream import document, filled, gathered, listed
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RUNS_IN_A_FILE = 20
RESULTS_IN_A_RUN = 5_000  # 25,000 are accepted, of which only 5,000 are shown
# A file may have 10 MB when compressed; results shrink to about a tenth.
RESULTS_IN_A_FILE = 25_000


@dataclass(frozen=True, slots=True)
class _Batch:
    """The findings of one SARIF run. `number` counts the runs of a kind from 1."""

    kind: Kind | None
    number: int
    findings: Sequence[Finding]

    @property
    def category(self) -> str:
        """GitHub's category: the id up to its last slash. It must differ from run to run."""
        if self.kind is None:
            return "vigie/"
        return f"vigie/{self.kind.value}{f'-{self.number}' if self.number > 1 else ''}/"


class SarifOutlet:
    format = "sarif"
    label = "SARIF"
    suffix = ".sarif"
    media_type = "application/sarif+json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        for number, batches in enumerate(_files(_batches(result)), start=1):
            members = [
                ("$schema", SCHEMA),
                ("version", "2.1.0"),
                ("runs", _runs(batches, result, view)),
            ]
            yield Part(gathered(document(members)), "" if number == 1 else str(number))


OUTLET = SarifOutlet()


def _batches(result: Result) -> Iterator[_Batch]:
    """Findings by kind, in pieces that a run takes.

    A kind that complete runs looked for is there with no results too: that closes the alerts
    of the scan before. One that was not looked at in full and has none is left out instead.
    """
    looked: set[Kind] = set()
    for run in result.runs:
        if run.coverage is not None and run.outcome is Outcome.COMPLETE:
            looked |= run.coverage.kinds
    for run in result.runs:
        if run.coverage is not None and run.outcome is not Outcome.COMPLETE:
            looked -= run.coverage.kinds
    empty = True
    for kind in Kind:
        # By fingerprint, so that a new finding moves few others into another run.
        own = sorted((f for f in result.findings if f.kind is kind), key=lambda f: f.fingerprint)
        for start in range(0, max(len(own), kind in looked), RESULTS_IN_A_RUN):
            piece = own[start : start + RESULTS_IN_A_RUN]
            yield _Batch(kind, start // RESULTS_IN_A_RUN + 1, piece)
            empty = False
    if empty:
        yield _Batch(None, 1, ())


def _files(batches: Iterator[_Batch]) -> Iterator[list[_Batch]]:
    file: list[_Batch] = []
    for batch in batches:
        results = sum(len(one.findings) for one in file) + len(batch.findings)
        if len(file) == RUNS_IN_A_FILE or (file and results > RESULTS_IN_A_FILE):
            yield file
            file = []
        file.append(batch)
    yield file


def _runs(batches: list[_Batch], result: Result, view: View) -> Iterator[bytes]:
    between = b"[\n"
    for batch in batches:
        yield between
        yield from document(_run(batch, result, view))
        between = b",\n"
    yield b"]"


def _run(batch: _Batch, result: Result, view: View) -> Iterator[tuple[str, Any]]:
    rules = Rules(batch.findings, view.words)
    assets = assets_of(result)
    driver = filled({"name": "Vigie", "version": view.version, "language": view.words.lang})
    yield "tool", document([("driver", document([*driver.items(), ("rules", listed(rules))]))])
    yield "automationDetails", {"id": batch.category}
    yield "invocations", [_invocation(batch, result, view)]
    yield "columnKind", "unicodeCodePoints"
    results = (sarif_result(f, rules, assets, view.words) for f in batch.findings)
    yield "results", listed(results)


def _invocation(batch: _Batch, result: Result, view: View) -> dict[str, Any]:
    """Says that something was not looked at: without it, absence would read as safety."""
    kinds = frozenset({batch.kind}) if batch.kind is not None else None
    missing = shortfalls(result, view.words, kinds)
    notes = [
        {"level": "error" if one.failed else "warning", "message": {"text": one.text}}
        for one in missing
    ]
    return filled({"executionSuccessful": not missing, "toolExecutionNotifications": notes})

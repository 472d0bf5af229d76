"""One run: which tool, on what, whether it went well, and its results."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Kind, Observation
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Report
from vigie.sources.reports.parsers.sarif.artifacts import Artifacts
from vigie.sources.reports.parsers.sarif.results import ResultReader
from vigie.sources.reports.parsers.sarif.rules import Rules
from vigie.sources.reports.parsers.sarif.tools import tool_id, tool_kind
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

# Everything about a run that is small; results and artifacts are read one by one.
_FRAME = ("tool", "invocations", "originalUriBaseIds", "versionControlProvenance", "properties",
          "externalPropertyFileReferences", "policies")  # fmt: skip


def read_run(run: Node) -> Report:
    """The report of one run (section 3.14)."""
    if run.first != b"{":
        raise RecordError(f"{run.pointer} is not an object")
    frame = Record({name: node.value() for name in _FRAME if (node := run.get(name)) is not None})
    driver = frame.child("tool", "driver")
    tool = tool_id(driver.text("name"))
    observe = ResultReader(tool, driver, Rules(frame), Artifacts(frame, run))
    tally = Tally()
    results = run.get("results")
    if results is not None and results.first == b"[":
        tally.read_all(results.items(), observe)
    else:
        _note_no_results(tally, frame)
    for invocation in frame.children("invocations"):
        _note_invocation(tally, invocation)
    invocations = list(frame.children("invocations"))
    return Report(
        tool=tool,
        records=tally.records,
        observations=tally.told(),
        problems=tuple(tally.problems),
        version=driver.first("semanticVersion", "version", "dottedQuadFileVersion"),
        started=next((i.text("startTimeUtc") for i in invocations), ""),
        ended=next((i.text("endTimeUtc") for i in reversed(invocations)), ""),
        asset=_asset(frame),
        coverage=_coverage(tool, tally.observations),
    )


def _coverage(tool: str, observations: list[Observation]) -> Coverage:
    """Only what this tool is known or seen to look for: SARIF as such could hold anything."""
    known = tool_kind(tool)
    kinds = frozenset(o.kind for o in observations) | frozenset({known} if known else ())
    return Coverage(kinds or frozenset({Kind.WEAKNESS}))


def _note_no_results(tally: Tally, frame: Record) -> None:
    """Absent results mean that none could be had (3.14.23); an empty list means none found."""
    outside = frame.at("externalPropertyFileReferences", "results")
    if outside:
        tally.note(
            ProblemCode.REPORT,
            T("the results of this run are in other files, which were not read"),
            hint=T("Have the tool write its results into one SARIF file."),
        )
    else:
        tally.note(ProblemCode.REPORT, T("the run has no results: the tool did not get that far"))


def _note_invocation(tally: Tally, invocation: Record) -> None:
    """What the tool says of its own execution (3.20). An error makes the run partial."""
    if invocation.flag("executionSuccessful") is False:
        reason = invocation.first(
            "exitCodeDescription", "exitSignalName", "processStartFailureMessage", "exitCode"
        )
        tally.note(
            ProblemCode.REPORT,
            T("the tool says that its run failed: {reason}", reason=reason)
            if reason
            else T("the tool says that its run failed"),
        )
    for name in ("toolExecutionNotifications", "toolConfigurationNotifications"):
        for notification in invocation.children(name):
            _note_notification(tally, notification)


def _note_notification(tally: Tally, notification: Record) -> None:
    level = notification.text("level") or "warning"  # its default (3.58.6)
    if level not in ("error", "warning"):
        return
    reason = (
        notification.text("message", "text")
        or notification.text("exception", "message")
        or notification.text("exception", "message", "text")
        or notification.text("descriptor", "id")
        or "?"
    )
    uri = notification.text("locations", 0, "physicalLocation", "artifactLocation", "uri")
    tally.note(
        ProblemCode.REPORT if level == "error" else ProblemCode.NOTE,
        T("the tool said: {reason}", reason=" ".join(reason.split())),
        where=clean_path(uri),
    )


def _asset(frame: Record) -> Asset | None:
    """The repository of the run's version control provenance, or the image Trivy names."""
    image = frame.child("properties")
    if image.text("imageName"):
        digests = {f"config:{image.text('imageID')}"} if image.text("imageID") else set()
        digests |= set(_repository_digests(image))
        names = (*image.texts("repoTags"), *image.texts("repoDigests"))
        return Asset(AssetKind.IMAGE, image.text("imageName"), frozenset(digests), names)
    uri = frame.text("versionControlProvenance", 0, "repositoryUri")
    return Asset(AssetKind.REPOSITORY, uri) if uri else None


def _repository_digests(image: Record) -> Iterator[str]:
    for name in image.texts("repoDigests"):
        if "@" in name:
            yield f"manifest:{name.rpartition('@')[2]}"

"""TruffleHog v3 JSON lines (`trufflehog … --json`), also collected into an array; v2's lines too.

Source: trufflesecurity/trufflehog `pkg/output/json.go` and `proto/source_metadata.proto`. The
secret itself is hashed for comparison and kept nowhere. Log lines of the tool, which it writes
to standard error and pipelines mix in, are no records.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from vigie.model.assets import Asset, AssetKind
from vigie.model.identity import secret_anchor
from vigie.model.observations import Kind, Location, Observation, Rule, Signals
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.places import clean_path
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_V3 = frozenset({"SourceMetadata", "DetectorName"})
_V2 = frozenset({"commitHash", "reason", "stringsFound"})
_LOG = frozenset({"level", "msg"})
_FORMS = (Form.JSON_LINES, Form.JSON_OBJECT, Form.JSON_ARRAY)

# What each kind of source calls the place where the secret is, the nearest to a path first.
_PATHS = ("file", "filename", "path", "location", "issue", "channel_name", "layer")


class TruffleHogParser:
    format = "trufflehog"
    tool = "trufflehog"
    label = "TruffleHog"
    coverage = Coverage(frozenset({Kind.SECRET}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form not in _FORMS:
            return False
        keys = sketch.keys
        logged = keys >= _LOG and sketch.at("logger") == "trufflehog"
        return keys >= _V3 or keys >= _V2 or logged

    def read(self, document: ReportDocument) -> Iterator[Report]:
        tally = Tally()
        version = ""
        for node in document.lines():
            log = _log_line(node)
            if log is None:
                tally.read(node, _observe)
                continue
            version = log.text("trufflehog_version") or version
            if log.text("level") in ("error", "fatal", "panic"):
                tally.note(
                    ProblemCode.REPORT,
                    T("TruffleHog said: {reason}", reason=log.first("error", "msg") or "?"),
                )
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=version,
        )


def _log_line(node: Node) -> Record | None:
    """The record of a line of TruffleHog's log, None for anything else."""
    try:
        record = node.record()
    except RecordError:
        return None
    return record if record.data.keys() >= _LOG and "SourceMetadata" not in record.data else None


def _observe(node: Node) -> Observation:
    result = node.record()
    if "stringsFound" in result.data:
        return _observe_v2(result)
    detector = result.need("DetectorName")
    source, data = _source(result)
    return Observation(
        tool="trufflehog",
        kind=Kind.SECRET,
        rule=Rule(id=detector, title=detector, description=result.text("DetectorDescription")),
        record=result.pointer,
        message=detector,
        locations=(_location(result, data),),
        signals=Signals(confidence=_confidence(result)),
        asset=_asset(source, data),
    )


def _source(result: Record) -> tuple[str, Record]:
    """The kind of source ("Git", "Docker", "S3"…) and what it says of the place."""
    sources = result.child("SourceMetadata", "Data").data
    for name, data in sources.items():
        if isinstance(data, dict):
            return name, Record(data)
    return "", Record({})


def _location(result: Record, data: Record) -> Location:
    return Location(
        path=clean_path(data.first(*_PATHS)),
        start_line=data.line("line"),
        url=data.text("link"),
        resource=data.first("bucket", "project", "channel_id", "workspace_name"),
        layer=data.text("layer"),
        commit=data.text("commit"),
        anchor=secret_anchor(_secret(result)),
    )


def _secret(result: Record) -> str:
    """The secret's value. Old versions wrote it as base64, newer ones as it stands.

    The newer ones name a decoder. Without that name, base64 that opens into plain text was
    base64: chance makes that of a random token about never.
    """
    raw = result.text("Raw")
    if "DecoderName" in result.data:
        return raw
    try:
        text = base64.b64decode(raw, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return raw
    readable = all(mark.isprintable() or mark in "\r\n\t" for mark in text)
    return text.strip() if readable and len(text) >= 6 else raw


def _confidence(result: Record) -> str:
    """High for a secret that was seen to work, low for one that did not, medium if untold."""
    if result.flag("Verified"):
        return "high"
    if result.text("VerificationError"):
        return "medium"
    return "low" if result.flag("Verified") is False else ""


def _asset(source: str, data: Record) -> Asset | None:
    image = data.text("image")
    if image:
        tag = data.text("tag")
        bare = tag and ":" not in image.rsplit("/", 1)[-1]
        return Asset(AssetKind.IMAGE, f"{image}:{tag}" if bare else image)
    repository = data.text("repository")
    if repository:
        return Asset(AssetKind.REPOSITORY, repository)
    bucket = data.text("bucket")
    if bucket:
        return Asset(AssetKind.RESOURCE, f"{source.lower()}://{bucket}")
    return None


def _observe_v2(result: Record) -> Observation:
    """Version 2: one commit's file with all the strings found in it, and whole diffs."""
    reason = result.need("reason")
    path = clean_path(result.text("path"))
    commit = result.text("commitHash")
    anchors = dict.fromkeys(secret_anchor(found) for found in result.texts("stringsFound"))
    return Observation(
        tool="trufflehog",
        kind=Kind.SECRET,
        rule=Rule(id=reason, title=reason),
        record=result.pointer,
        message=reason,
        locations=tuple(Location(path=path, commit=commit, anchor=a) for a in anchors or [""]),
    )


PARSER = TruffleHogParser()

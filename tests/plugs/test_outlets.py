"""The behaviour of the outlet port, over every outlet there is, built in or not."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from tests.plugs.sample_result import empty, english, french, many, rich
from vigie.model.findings import Status, Suppression
from vigie.model.results import Result
from vigie.model.runs import Outcome
from vigie.ports.outlets import Outlet, View
from vigie.wiring.plugs import OUTLETS, Plugs

PLUGS = Plugs(OUTLETS)
FORMATS = list(PLUGS)
every_format = pytest.mark.parametrize("name", FORMATS)
every_view = pytest.mark.parametrize("view", [english, french], ids=["en", "fr"])
# Each of these has a place for some kinds of findings only; the others are said in the tests.
KINDS_OF = {
    "gitlab-container": "CVE-2021-44228",
    "gitlab-dependency": "GHSA-9wx4-h78v-vm56",
    "gitlab-sast": "B602",
    "openvex": "CVE-2021-44228",
}


def write(name: str, result: Result, view: View) -> dict[str, bytes]:
    """Every part by its name."""
    outlet: Outlet = PLUGS[name]
    return {part.name: b"".join(part.chunks) for part in outlet.render(result, view)}


def text_of(name: str, data: bytes) -> str:
    """What a reader could find in it; a workbook is a folder of XML."""
    if PLUGS[name].suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return "\n".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))
    return data.decode()


def whole() -> Result:
    """The rich result as if everything had been looked at."""
    result = rich()
    runs = tuple(replace(run, outcome=Outcome.COMPLETE, problems=()) for run in result.runs)
    summary = replace(result.summary, complete=True)
    return replace(result, runs=runs, problems=(), summary=summary)


def all_set_aside() -> Result:
    """The rich result with every finding suppressed."""
    result = rich()
    why = Suppression(Status.SUPPRESSED, "accepted by the board", "file", "Board", "2030-01-01")
    findings = tuple(
        replace(finding, status=Status.SUPPRESSED, suppression=why) for finding in result.findings
    )
    return replace(result, findings=findings)


@every_format
def test_outlet_is_named_after_its_module_and_says_what_it_is(name: str) -> None:
    outlet: Outlet = PLUGS[name]
    assert outlet.format == name
    assert outlet.label
    assert outlet.suffix.startswith(".")
    assert "/" in outlet.media_type
    assert isinstance(outlet.binary, bool)


def test_no_two_outlets_write_the_same_ending() -> None:
    endings = [PLUGS[name].suffix for name in FORMATS]
    assert len(set(endings)) == len(endings)


@every_format
@every_view
@pytest.mark.parametrize("make", [empty, rich, all_set_aside], ids=["empty", "rich", "set aside"])
def test_same_result_and_view_give_the_same_bytes(
    name: str, view: Callable[[], View], make: Callable[[], Result]
) -> None:
    first = write(name, make(), view())
    assert first == write(name, make(), view())
    assert "" in first, "one part is the main one"
    assert all(first.values())


@every_format
def test_nothing_of_a_result_is_needed(name: str) -> None:
    bare = Result("nothing", "2025-01-01T00:00:00Z")
    assert write(name, bare, View())[""]


@every_format
def test_chunks_stay_small_enough_to_stream(name: str) -> None:
    if PLUGS[name].binary:
        return  # a workbook or a typeset page is only whole at its end
    for part in PLUGS[name].render(many(3000), english()):
        assert all(len(chunk) <= 8 * 1024**2 for chunk in part.chunks)


@every_format
@every_view
def test_partial_run_is_said(name: str, view: Callable[[], View]) -> None:
    partial, complete = write(name, rich(), view()), write(name, whole(), view())
    assert partial != complete
    if PLUGS[name].suffix != ".pdf":
        assert "semgrep" in text_of(name, b"".join(partial.values()))


@every_format
def test_nothing_found_in_half_a_scan_is_not_nothing_found(name: str) -> None:
    clean = empty()
    failed = replace(clean, runs=(replace(clean.runs[0], outcome=Outcome.FAILED),))
    assert write(name, clean, english()) != write(name, failed, english())


@every_format
def test_suppressed_findings_are_shown_as_suppressed(name: str) -> None:
    open_findings = write(name, rich(), english())
    set_aside = write(name, all_set_aside(), english())
    assert open_findings != set_aside
    dropped = write(name, replace(all_set_aside(), findings=()), english())
    assert set_aside != dropped
    if PLUGS[name].suffix != ".pdf":
        mark = KINDS_OF.get(name, "CVE-2021-44228")
        assert mark in text_of(name, b"".join(set_aside.values()))


@every_format
@every_view
def test_output_can_be_parsed_whatever_the_texts_hold(name: str, view: Callable[[], View]) -> None:
    kind = PLUGS[name].media_type
    for data in write(name, rich(), view()).values():
        if "json" in kind:
            json.loads(data)
        elif "xml" in kind and "openxml" not in kind:
            fromstring(data)
        elif not PLUGS[name].binary:
            data.decode("utf-8")


@every_format
def test_a_file_name_that_is_no_text_stops_nothing(name: str) -> None:
    result = rich()
    first = result.findings[0]
    broken = replace(first, rule=replace(first.rule, title="a \udcff b\x00\x0b\x1b"))
    data = write(name, replace(result, findings=(broken, *result.findings[1:])), english())
    assert data[""]


@pytest.mark.slow
@every_format
def test_memory_grows_slowly_with_the_findings(name: str) -> None:
    if PLUGS[name].binary:
        return
    result = many(5_000)
    tracemalloc.start()
    try:
        for part in PLUGS[name].render(result, english()):
            for _ in part.chunks:
                pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * 1024**2

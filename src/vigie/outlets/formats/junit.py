"""JUnit XML, as continuous integration shows tests: each finding that counts is a failure.

Source: the form that Jenkins and GitLab read (there is no standard); testmoapp/junitxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from vigie.model.findings import Finding
from vigie.model.observations import Kind, Observation
from vigie.model.results import Result
from vigie.model.runs import Outcome, Run
from vigie.model.text import T, Words
from vigie.outlets.formats._wire.places import asset_of, assets_of, instances_of, relative_uri
from vigie.outlets.formats._wire.sentences import (
    remedy,
    set_aside,
    shortfalls,
    subject,
    title,
)
from vigie.outlets.formats._wire.times import zoneless
from vigie.outlets.stream import gathered
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

# XML 1.0, section 2.2: characters that cannot stand in a document, not even as references.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JunitOutlet:
    format = "junit"
    label = "JUnit"
    suffix = ".junit.xml"
    media_type = "application/xml"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        lines = (f"{line}\n".encode() for line in _document(result, view.words))
        yield Part(gathered(lines))


OUTLET = JunitOutlet()


def _document(result: Result, words: Words) -> Iterator[str]:
    counted = sum(finding.status.counts for finding in result.findings)
    aside = len(result.findings) - counted + len(result.not_assessed)
    errors = len(shortfalls(result, words))
    tests = len(result.findings) + len(result.not_assessed) + max(1, len(result.runs))
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield _opening("testsuites", "Vigie", tests, counted, errors, aside)
    yield from _runs(result, words)
    for kind in Kind:
        yield from _suite(result, kind, words)
    yield from _undecided(result, words)
    yield "</testsuites>"


def _opening(tag: str, name: str, tests: int, failures: int, errors: int, skipped: int,
             timestamp: str = "") -> str:  # fmt: skip
    when = f" timestamp={_attribute(timestamp)}" if timestamp else ""
    return (
        f'<{tag} name={_attribute(name)} tests="{tests}" failures="{failures}"'
        f' errors="{errors}" skipped="{skipped}"{when}>'
    )


def _runs(result: Result, words: Words) -> Iterator[str]:
    """Every run is a test of its own: one that did not look at everything is an error."""
    missing = iter(shortfalls(result, words))
    outcomes = [(_named(run), run.outcome) for run in result.runs]
    outcomes = outcomes or [("Vigie", Outcome.FAILED)]
    errors = sum(outcome is not Outcome.COMPLETE for _, outcome in outcomes)
    name = words(T("Runs"))
    yield _opening("testsuite", name, len(outcomes), 0, errors, 0, zoneless(result.created))
    for run, outcome in outcomes:
        head = f"<testcase name={_attribute(run)} classname={_attribute(name)}"
        if outcome is Outcome.COMPLETE:
            yield f"{head}/>"
            continue
        said = next(missing).text
        kind = _attribute(outcome.value)
        error = f"<error message={_attribute(said)} type={kind}>{_text(said)}</error>"
        yield f"{head}>{error}</testcase>"
    yield "</testsuite>"


def _named(run: Run) -> str:
    return " ".join(filter(None, (run.tool, run.version, run.asset)))


def _suite(result: Result, kind: Kind, words: Words) -> Iterator[str]:
    own = [finding for finding in result.findings if finding.kind is kind]
    if not own:
        return
    counted = sum(finding.status.counts for finding in own)
    name = words(kind.value)
    when = zoneless(result.created)
    yield _opening("testsuite", name, len(own), counted, 0, len(own) - counted, when)
    assets = assets_of(result)
    for finding in own:
        asset = asset_of(finding, assets)
        place = unquote(relative_uri(instances_of(finding)[0].location, asset))
        yield (
            f"<testcase name={_attribute(subject(finding))} classname={_attribute(asset.name)}"
            f" file={_attribute(place)}>{_outcome(finding, words)}</testcase>"
        )
    yield "</testsuite>"


def _outcome(finding: Finding, words: Words) -> str:
    if not finding.status.counts:
        why = set_aside(finding, words) or words(T("The finding has been set aside."))
        return f"<skipped message={_attribute(why)}/>"
    return (
        f"<failure message={_attribute(title(finding))} type={_attribute(finding.severity.value)}>"
        f"{_text(_body(finding, words))}</failure>"
    )


def _body(finding: Finding, words: Words) -> str:
    """What a person reads when they open a failed test."""
    said = [finding.rule.description, remedy(finding, words)]
    if finding.priority is not None:
        said.append(words(finding.priority.decision.value))
        said += [f"- {words(reason.text)}" for reason in finding.priority.reasons]
    said += finding.rule.references
    return "\n".join(filter(None, said))


def _undecided(result: Result, words: Words) -> Iterator[str]:
    """Checks that nobody could decide: skipped, for they did not pass."""
    if not result.not_assessed:
        return
    name = words(T("Not assessed"))
    count = len(result.not_assessed)
    yield _opening("testsuite", name, count, 0, 0, count, zoneless(result.created))
    for seen in result.not_assessed:
        why = seen.message or words(T("The tool could not decide it."))
        yield (
            f"<testcase name={_attribute(_check(seen))} classname={_attribute(seen.tool)}>"
            f"<skipped message={_attribute(why)}/></testcase>"
        )
    yield "</testsuite>"


def _check(seen: Observation) -> str:
    return f"{seen.rule.id}: {seen.rule.title}" if seen.rule.title else seen.rule.id


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _attribute(text: str) -> str:
    # Line ends inside attributes are read as spaces unless they are references.
    return quoteattr(_FORBIDDEN.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})

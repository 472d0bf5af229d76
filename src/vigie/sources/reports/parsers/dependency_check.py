"""OWASP Dependency-Check XML, of every schema from 1.x to 4.x.

Source: jeremylong/DependencyCheck `core/src/main/resources/schema/dependency-check.*.xsd`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component
from vigie.model.ecosystems import package_type
from vigie.model.observations import (
    Claim,
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Signals,
    Stance,
)
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.severity import Severity, severity_from_score, severity_from_word
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.markup import Element
from vigie.sources.reports.packages import component_from_purl
from vigie.sources.reports.records import Tally

_ECOSYSTEMS = frozenset(
    {"cocoapods", "composer", "conan", "gem", "golang", "maven", "npm", "nuget", "pub", "pypi",
     "swift"}
)  # fmt: skip

# Parts of the vectors as elements, in the order of the vector; 1.x prefixes them with "cvss".
_V2 = (
    ("AV", ("accessVector", "AccessVector")),
    ("AC", ("accessComplexity", "AccessComplexity")),
    ("Au", ("authenticationr", "authentication", "Authenticationr")),
    ("C", ("confidentialityImpact", "confidentialImpact", "ConfidentialImpact")),
    ("I", ("integrityImpact", "IntegrityImpact")),
    ("A", ("availabilityImpact", "AvailabilityImpact")),
)
_V3 = (
    ("AV", "attackVector"),
    ("AC", "attackComplexity"),
    ("PR", "privilegesRequired"),
    ("UI", "userInteraction"),
    ("S", "scope"),
    ("C", "confidentialityImpact"),
    ("I", "integrityImpact"),
    ("A", "availabilityImpact"),
)
_CWE = re.compile(r"CWE-\d+")
_CVE_OR_GHSA = re.compile(r"^(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})$")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}")


class DependencyCheckParser:
    format = "dependency-check"
    tool = "dependency-check"
    label = "OWASP Dependency-Check"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}), _ECOSYSTEMS)

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.XML or sketch.root != "analysis":
            return False
        namespace = sketch.namespace.lower().replace("_", "").replace("-", "")
        return not namespace or "dependencycheck" in namespace

    def read(self, document: ReportDocument) -> Iterator[Report]:
        """A record is one vulnerability, suppressed or not, of one dependency."""
        if not self.recognises(document.sketch):
            return
        tally = Tally()
        types: set[str] = set()
        scan: Element | None = None
        project: Element | None = None
        head = {"scanInfo": "", "database": "", "project": "", "date": ""}
        for element in document.elements("scanInfo", "projectInfo", "dependency"):
            if element.tag == "scanInfo":
                scan = element
                _read_scan(element, head, tally)
            elif element.tag == "projectInfo":
                project = element
                head["project"] = element.text("name")
                head["date"] = element.text("reportDate")
            else:
                types.add(_read_dependency(element, tally))
        if scan is None and project is None and not tally.records and not types:
            return
        name = head["project"]
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            version=head["scanInfo"],
            database_date=head["database"],
            ended=head["date"] if _ISO.match(head["date"]) else "",
            asset=Asset(AssetKind.REPOSITORY, name) if name else None,
            ecosystems=frozenset(types - {""}) or None,
        )


def _read_scan(scan: Element, head: dict[str, str], tally: Tally) -> None:
    head["scanInfo"] = scan.text("engineVersion")
    dates = {s.text("name"): s.text("timestamp") for s in scan.children("dataSource")}
    for word in ("Modified", "Checked"):
        known = [d for name, d in dates.items() if word in name and "NVD" in name and _ISO.match(d)]
        if known:
            head["database"] = max(known)
            break
    for error in scan.children("analysisExceptions", "exception"):
        _note(error, tally)


def _note(error: Element, tally: Tally) -> None:
    tally.note(
        ProblemCode.REPORT,
        T(
            "Dependency-Check had an error: {error}",
            error=" ".join(error.text("message").split())[:300],
        ),
    )


def _read_dependency(dependency: Element, tally: Tally) -> str:
    """Read what is wrong with one file; the purl type of the package it is."""
    component = _component(dependency)
    for error in dependency.children("analysisExceptions", "exception"):
        _note(error, tally)
    places = _locations(dependency)
    confidence = _confidence(dependency)
    for tag in ("vulnerability", "suppressedVulnerability"):
        tally.read_all(
            dependency.children("vulnerabilities", tag),
            partial(_observe, component, places, confidence),
        )
    return component.type


def _observe(
    component: Component, places: tuple[Location, ...], confidence: str, element: Element
) -> Observation:
    word, severity = _severity(element)
    suppressed = element.tag == "suppressedVulnerability"
    known = element.child("knownExploitedVulnerability") is not None
    return Observation(
        tool="dependency-check",
        kind=Kind.VULNERABILITY,
        rule=_rule(element),
        record=element.pointer,
        severity=severity,
        severity_said=word,
        scores=tuple(_scores(element)),
        message=element.text("description"),
        component=component,
        locations=places,
        fix=_fix(element),
        signals=Signals(
            kev=True if known else None, exploit="active" if known else "", confidence=confidence
        ),
        claim=Claim(Stance.SUPPRESSED, statement=element.text("notes"), author="dependency-check")
        if suppressed
        else None,
    )


def _rule(element: Element) -> Rule:
    name = element.need("name")
    links = [r.text("url") for r in element.children("references", "reference")]
    cwes = [c.text() for c in element.children("cwes", "cwe")] + [element.text("cwe")]
    titles = [r.text("name") for r in element.children("references", "reference")]
    # Retire.js and OSS Index entries have a headline for a name and the CVE among references.
    same = titles if not _CVE_OR_GHSA.match(name) and element.attribute("source") != "NVD" else []
    return Rule(
        id=name,
        aliases=tuple(dict.fromkeys(t for t in same if _CVE_OR_GHSA.match(t))),
        title="" if _CVE_OR_GHSA.match(name) else name,
        description=element.text("description"),
        references=tuple(dict.fromkeys(filter(None, links))),
        weaknesses=tuple(dict.fromkeys(m[0] for c in cwes if (m := _CWE.search(c)))),
    )


def _severity(element: Element) -> tuple[str, Severity]:
    """The tool's word, else the highest version's of CVSS; a figure stands for its band."""
    word = next(
        filter(
            None,
            (
                element.text("severity"),
                element.text("cvssV4", "baseSeverity"),
                element.text("cvssV3", "baseSeverity"),
                element.text("cvssV2", "severity"),
            ),
        ),
        "",
    )
    severity = severity_from_word(word)
    if severity is Severity.UNKNOWN:
        with suppress(ValueError):
            severity = severity_from_score(float(word)) if word else severity
    return word, severity


def _scores(element: Element) -> Iterator[Score]:
    source = (element.attribute("source") or "dependency-check").lower()
    four = element.child("cvssV4")
    if four is not None:
        yield from filter(
            None,
            [cvss_score(source, four.text("vectorString"), four.number("baseScore"), "4.0")],
        )
    three = element.child("cvssV3")
    if three is not None:
        # The version element came after CVSS 3.1 did; without it the rating is a 3.0 one.
        version = three.text("version") or "3.0"
        vector = _vector([(key, three.text(tag)) for key, tag in _V3])
        vector = f"CVSS:{version}/{vector}" if vector else ""
        yield from filter(None, [cvss_score(source, vector, three.number("baseScore"), version)])
    two = element.child("cvssV2")
    parts, value = [], None
    if two is not None:
        parts = [(k, next(filter(None, map(two.text, tags)), "")) for k, tags in _V2]
        value = two.number("score")
    elif element.child("cvssScore") is not None:
        parts = [(k, element.text(f"cvss{tags[-1]}")) for k, tags in _V2]
        value = element.number("cvssScore")
    yield from filter(None, [cvss_score(source, _vector(parts), value, "2.0")])


def _vector(parts: list[tuple[str, str]]) -> str:
    """ "AV:N/AC:L/…" out of the words; "" when one is missing. Each value is its first letter."""
    if not parts or not all(word and word != "null" for _, word in parts):
        return ""
    return "/".join(f"{key}:{word[0].upper()}" for key, word in parts)


def _fix(element: Element) -> Fix:
    """The end of the range that matched; nothing else in the report speaks of fixes."""
    for software in element.children("vulnerableSoftware", "software"):
        matched = software.attribute("vulnerabilityIdMatched") or software.attribute("matched")
        end = software.attribute("versionEndExcluding")
        if matched == "true" and end:
            return Fix(FixState.FIXED, (end,))
    return Fix()


def _component(dependency: Element) -> Component:
    licences = tuple(filter(None, [dependency.text("license")]))
    for package in dependency.children("identifiers", "package"):
        found = component_from_purl(package.text("id"))
        if found is not None:
            # "pkg:javascript" is Dependency-Check's own word for a script file.
            return Component(found.name, found.version, package_type(found.type) or found.type,
                             found.purl, licences=licences)  # fmt: skip
    for identifier in dependency.children("identifiers", "identifier"):
        name = identifier.text("name").strip("()")
        kind = identifier.attribute("type")
        if kind != "cpe" and ":" in name:
            name, _, version = name.rpartition(":")
            return Component(name, version, package_type(kind), licences=licences)
    return Component(dependency.text("fileName"), licences=licences)


def _confidence(dependency: Element) -> str:
    """How sure the tool is that the file is the product: the best of the CPE matches."""
    words = [
        entry.attribute("confidence").lower()
        for tag in ("vulnerabilityIds", "identifier")
        for entry in dependency.children("identifiers", tag)
    ]
    for word, ours in (("highest", "high"), ("high", "high"), ("medium", "medium"), ("low", "low")):
        if word in words:
            return ours
    return ""


def _locations(dependency: Element) -> tuple[Location, ...]:
    """The file, and the others that hold the very same package."""
    paths = [dependency.text("filePath")]
    paths += [
        related.text("filePath")
        for related in dependency.children("relatedDependencies", "relatedDependency")
    ]
    return tuple(Location(path=path) for path in dict.fromkeys(filter(None, paths)))


PARSER = DependencyCheckParser()

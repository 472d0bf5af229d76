"""Issues: bugs, vulnerabilities and code smells, and what plugins import as issues."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vigie.model.components import Component
from vigie.model.identity import anchor
from vigie.model.observations import (
    Claim,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Stance,
)
from vigie.model.severity import Severity
from vigie.sources.reports.parsers.sonarqube.words import (
    component_path,
    sonar_kind,
    sonar_severity,
)
from vigie.sources.reports.places import cwe_ids
from vigie.sources.reports.records import Record
from vigie.sources.reports.tree import Node

# The dependency-check plugin puts a dependency's flaws into an issue's message.
_DEPENDENCY = "UsingComponentWithKnownVulnerability"

_ADVISORY = re.compile(r"\b(CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})\b")
_SCORE = re.compile(r"CVSS Score: (\d{1,2}(?:\.\d)?)")
_FILE = re.compile(r"Filename: ([^|]+?)\s*(?:\||$)")
_ARCHIVE = re.compile(r"^(?P<name>.+?)-(?P<version>\d[\w.+-]*)\.(?P<ending>jar|war|ear|dll|nupkg)$")
_CWE_PAGE = re.compile(r"cwe\.mitre\.org/data/definitions/(\d+)")

_RESOLUTIONS = {
    "FALSE-POSITIVE": Stance.SUPPRESSED,
    "FALSE_POSITIVE": Stance.SUPPRESSED,
    "WONTFIX": Stance.SUPPRESSED,
    "ACCEPTED": Stance.SUPPRESSED,
    "SAFE": Stance.SUPPRESSED,
    "ACKNOWLEDGED": Stance.SUPPRESSED,
    "FIXED": Stance.FIXED,
    "REMOVED": Stance.FIXED,
    "CLOSED": Stance.FIXED,
}


@dataclass(frozen=True, slots=True)
class IssueReader:
    """Makes an observation of one issue, with the paths and rules the report came with."""

    components: dict[str, str]
    rules: dict[str, Record]

    def __call__(self, node: Node) -> Observation:
        issue = node.record()
        key = issue.need("rule")
        said, severity = _severity(issue)
        message = issue.text("message")
        vulnerable = key.endswith(_DEPENDENCY)
        return Observation(
            tool="sonarqube",
            kind=Kind.VULNERABILITY if vulnerable else sonar_kind(key),
            rule=self._rule(key, issue, message if vulnerable else ""),
            record=issue.pointer,
            severity=severity,
            severity_said=said,
            scores=_scores(message) if vulnerable else (),
            message=message,
            component=_component(message) if vulnerable else None,
            locations=_locations(issue, self.components, vulnerable),
            claim=resolution_claim(issue),
        )

    def _rule(self, key: str, issue: Record, message: str) -> Rule:
        known = self.rules.get(key, Record({}))
        description = known.text("htmlDesc") or known.text("mdDesc")
        pages = (f"CWE-{number}" for number in _CWE_PAGE.findall(description))
        names = tuple(dict.fromkeys(_ADVISORY.findall(message)))
        weaknesses = (*cwe_ids(*issue.texts("tags"), message), *pages)
        return Rule(
            # Several advisories in one message are several flaws: the merge splits them.
            id=names[0] if len(names) == 1 else key,
            aliases=names if len(names) > 1 else (),
            title=known.text("name") or issue.text("description"),
            weaknesses=tuple(dict.fromkeys(weaknesses)),
        )


def resolution_claim(record: Record) -> Claim | None:
    """What was decided in SonarQube; reopened and open records carry none."""
    for said in (record.text("resolution"), record.text("issueStatus"), record.text("status")):
        stance = _RESOLUTIONS.get(said.upper())
        if stance is not None:
            return Claim(stance, statement=said, author="sonarqube")
    return None


def _severity(issue: Record) -> tuple[str, Severity]:
    """The classic severity, else the worst impact on security, else the worst of all."""
    said = issue.text("severity")
    if said:
        return said, sonar_severity(said)
    impacts = list(issue.children("impacts"))
    secure = [i for i in impacts if i.text("softwareQuality") == "SECURITY"] or impacts
    words = [i.text("severity") for i in secure if i.text("severity")]
    worst = max(words, key=lambda word: sonar_severity(word).rank, default="")
    return worst, sonar_severity(worst)


def _scores(message: str) -> tuple[Score, ...]:
    found = _SCORE.search(message)
    return (Score("dependency-check", value=float(found[1])),) if found else ()


def _component(message: str) -> Component | None:
    """The dependency named in the message: "package:1.1.2" or a file such as "core-1.2.jar"."""
    found = _FILE.search(message)
    if found is None:
        return None
    name = found[1]
    archive = _ARCHIVE.match(name)
    if archive:
        kind = "nuget" if archive["ending"] in ("dll", "nupkg") else "maven"
        return Component(archive["name"], archive["version"], kind)
    package, _, version = name.rpartition(":")
    return Component(package, version) if package and version[:1].isdigit() else Component(name)


def _locations(issue: Record, components: dict[str, str], vulnerable: bool) -> tuple[Location, ...]:
    """The file and lines; none for a dependency of the project as a whole."""
    path = component_path(issue, components)
    if vulnerable and not path:
        return ()
    column = issue.integer("textRange", "startOffset")
    location = Location(
        path=path,
        start_line=issue.line("line") or issue.line("textRange", "startLine"),
        end_line=issue.line("textRange", "endLine"),
        start_column=column + 1 if column is not None and column >= 0 else None,
        # `hash` is over the line's code without its white space; `key` follows the issue
        # through shifts on the server.
        anchor=anchor(issue.text("hash") or issue.text("key")),
    )
    return (location,)

"""npm audit JSON: `auditReportVersion` 2 of npm 7 and later, `advisories` of npm 6.

Source: npm-audit-report and @npmcli/metavuln-calculator; npm 6's registry audit response,
which pnpm and Yarn 2+ pass on too.

npm 7 lists packages. A package's `via` names either advisories (objects) or other vulnerable
packages (strings). Each advisory is one record and becomes an observation about the package
it is about. A package that is vulnerable only through others is one record too: an inventory
statement (`NOT_APPLICABLE`) with those advisories as related, because counting the same
advisory again for each package above it would invent findings that no upgrade of its own
can clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial

from vigie.model.components import Component
from vigie.model.observations import (
    Fix,
    FixState,
    Kind,
    Location,
    Observation,
    Rule,
    Score,
    Verdict,
)
from vigie.model.runs import Coverage, ProblemCode
from vigie.model.severity import severity_from_word
from vigie.model.text import T
from vigie.ports.reports import Form, Report, Sketch
from vigie.sources.reports.cvss import cvss_score
from vigie.sources.reports.document import ReportDocument
from vigie.sources.reports.records import Record, RecordError, Tally
from vigie.sources.reports.tree import Node

_GHSA = re.compile(r"GHSA(?:-[0-9a-z]{4}){3}")
_CWE = re.compile(r"CWE-\d+")
_LOWER_BOUND = re.compile(r">=\s*v?(\d[^\s|,]*)")
_URL = re.compile(r"https?://[^\s)\]>]+")


class NpmAuditParser:
    format = "npm-audit"
    tool = "npm-audit"
    label = "npm audit"
    coverage = Coverage(frozenset({Kind.VULNERABILITY}), frozenset({"npm"}))

    def recognises(self, sketch: Sketch) -> bool:
        if sketch.form is not Form.JSON_OBJECT:
            return False
        if "auditReportVersion" in sketch.keys or _failed(sketch):
            return True
        if "advisories" not in sketch.keys or not isinstance(sketch.at("advisories"), dict):
            return False
        return bool({"actions", "muted", "metadata"} & sketch.keys)

    def read(self, document: ReportDocument) -> Iterator[Report]:
        root = document.root
        tally = Tally()
        if "auditReportVersion" in document.sketch.keys:
            packages = root.get("vulnerabilities")
            _read_packages(packages.fields() if packages is not None else {}, tally)
        elif "advisories" in document.sketch.keys:
            advisories = root.get("advisories")
            for advisory in (advisories.fields() if advisories is not None else {}).values():
                _read_advisory(advisory, tally)
        elif _failed(document.sketch):
            tally.note(
                ProblemCode.REPORT,
                T(
                    "npm audit failed: {why}",
                    why=root.text("error", "summary")
                    or root.text("message")
                    or root.text("error", "code"),
                ),
                hint=T("npm audit needs a lock file and a registry that answers."),
            )
        else:
            return
        yield Report(
            tool=self.tool,
            records=tally.records,
            observations=tally.told(),
            problems=tuple(tally.problems),
            ecosystems=None if _failed(document.sketch) else frozenset({"npm"}),
        )


def _failed(sketch: Sketch) -> bool:
    """npm writes an error as JSON where the report should stand."""
    error = sketch.at("error")
    if not isinstance(error, dict) or "runs" in sketch.keys:
        return False
    code = error.get("code")
    # An answer of the registry that is no report has an empty error beside its status code.
    refused = "statusCode" in sketch.keys and {"summary", "detail"} <= error.keys()
    return refused or (isinstance(code, str) and code.startswith("E"))


# -- npm 7 and later


def _read_packages(packages: dict[str, Node], tally: Tally) -> None:
    for package in packages.values():
        advisories = [via for via in package.items("via") if via.first == b"{"]
        if advisories:
            tally.read_all(advisories, partial(_observe_advisory, package))
        else:
            tally.read(package, partial(_observe_dependent, packages))


def _observe_advisory(package: Node, via: Node) -> Observation:
    advisory, owner = via.record(), package.record()
    severity = advisory.text("severity")
    title = advisory.text("title")
    score = cvss_score(
        "npm", advisory.text("cvss", "vectorString"), advisory.number("cvss", "score")
    )
    return Observation(
        tool="npm-audit",
        kind=Kind.VULNERABILITY,
        rule=Rule(
            id=_identity(advisory, "source"),
            title=title,
            references=advisory.texts("url"),
            weaknesses=_weaknesses(advisory),
        ),
        record=advisory.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        scores=(score,) if score is not None else (),
        message=title,
        component=_component(owner, advisory.text("dependency") or advisory.text("name")),
        locations=_nodes(owner),
        fix=_fix(owner),
    )


def _observe_dependent(packages: dict[str, Node], node: Node) -> Observation:
    owner = node.record()
    severity = owner.text("severity")
    return Observation(
        tool="npm-audit",
        kind=Kind.VULNERABILITY,
        rule=Rule(
            id="npm-audit:dependent",
            title=f"{owner.text('name')} <- {', '.join(owner.texts('via'))}",
            related=_roots(packages, owner.texts("via")),
        ),
        record=owner.pointer,
        verdict=Verdict.NOT_APPLICABLE,
        severity=severity_from_word(severity),
        severity_said=severity,
        component=_component(owner, ""),
        locations=_nodes(owner),
        fix=_fix(owner),
    )


def _roots(packages: dict[str, Node], names: Iterable[str]) -> tuple[str, ...]:
    """The advisories at the end of the chain of packages, each once."""
    todo, seen = list(names), set[str]()
    said: dict[str, None] = {}
    while todo:
        name = todo.pop(0)
        if name in seen or name not in packages:
            continue
        seen.add(name)
        for via in packages[name].items("via"):
            value = via.value()
            if isinstance(value, str):
                todo.append(value)
            elif isinstance(value, dict):
                with suppress(RecordError):  # that advisory is a problem of its own record
                    said[_identity(Record(value), "source")] = None
    return tuple(said)


def _component(owner: Record, name: str) -> Component:
    # The installed version is not in the report: `range` is what is vulnerable.
    return Component(
        name=owner.text("name") or Record({"name": name}).need("name"),
        type="npm",
        direct=owner.flag("isDirect"),
    )


def _nodes(owner: Record) -> tuple[Location, ...]:
    return tuple(Location(path=path) for path in dict.fromkeys(owner.texts("nodes")))


def _fix(owner: Record) -> Fix:
    """`fixAvailable` is a flag, or the package to install, which may be another one."""
    remedy = owner.child("fixAvailable")
    if remedy:
        name, version = remedy.text("name"), remedy.text("version")
        own = name == owner.text("name") and version
        return Fix(FixState.FIXED, (version,) if own else (), f"npm install {name}@{version}")
    available = owner.flag("fixAvailable")
    if available is None:
        return Fix()
    return Fix(FixState.FIXED, advice="npm audit fix") if available else Fix(FixState.NOT_FIXED)


# -- npm 6


def _read_advisory(advisory: Node, tally: Tally) -> None:
    """A record is an advisory with one installed version of the package."""
    findings = list(advisory.items("findings"))
    if findings:
        tally.read_all(findings, partial(_observe_finding, advisory))
    else:
        tally.read(advisory, partial(_observe_finding, advisory))


def _observe_finding(node: Node, finding: Node) -> Observation:
    advisory = node.record()
    found = finding.record() if finding is not node else Record({}, node.pointer)
    severity = advisory.text("severity")
    # pnpm writes ". > mailer > parser", npm and Yarn "mailer>parser".
    chains = [c.replace(" ", "").removeprefix(".>") for c in found.texts("paths")]
    return Observation(
        tool="npm-audit",
        kind=Kind.VULNERABILITY,
        rule=_old_rule(advisory),
        record=found.pointer,
        severity=severity_from_word(severity),
        severity_said=severity,
        scores=tuple(_old_scores(advisory)),
        message=advisory.text("title"),
        component=Component(
            name=advisory.need("module_name"),
            version=found.text("version"),
            type="npm",
            direct=any(">" not in chain for chain in chains) if chains else None,
        ),
        locations=tuple(Location(resource=chain) for chain in dict.fromkeys(chains)),
        fix=_old_fix(advisory),
    )


def _old_rule(advisory: Record) -> Rule:
    identity = _identity(advisory, "id")
    references = (advisory.text("url"), *_URL.findall(advisory.text("references")))
    names = (*advisory.texts("cves"), *_GHSA.findall(advisory.text("github_advisory_id")))
    return Rule(
        id=identity,
        aliases=tuple(name for name in dict.fromkeys(names) if name != identity),
        title=advisory.text("title"),
        description=advisory.text("overview"),
        references=tuple(dict.fromkeys(filter(None, references))),
        weaknesses=_weaknesses(advisory),
        published=advisory.text("created"),
    )


def _old_scores(advisory: Record) -> Iterator[Score]:
    score = cvss_score(
        "npm", advisory.text("cvss", "vectorString"), advisory.number("cvss", "score")
    )
    if score is not None:
        yield score


def _old_fix(advisory: Record) -> Fix:
    """`patched_versions` is a range; "<0.0.0" stands for none."""
    patched = advisory.text("patched_versions")
    advice = advisory.text("recommendation")
    versions = tuple(_LOWER_BOUND.findall(patched))
    if versions:
        return Fix(FixState.FIXED, versions, advice)
    return Fix(FixState.NOT_FIXED if patched else FixState.UNKNOWN, advice=advice)


def _weaknesses(advisory: Record) -> tuple[str, ...]:
    """A list, or one string that names several."""
    return tuple(dict.fromkeys(_CWE.findall(" ".join(advisory.texts("cwe")))))


def _identity(advisory: Record, number: str) -> str:
    """GitHub's id where there is one: npm's numbers change when its database is built anew."""
    for text in (advisory.text("github_advisory_id"), advisory.text("url")):
        found = _GHSA.search(text)
        if found:
            return found[0]
    return f"npm-{advisory.need(number)}"


PARSER = NpmAuditParser()

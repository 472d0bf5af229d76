"""SPDX 2.3 JSON: the inventory, each package with its purl, licences and where it was found.

A package refers to the advisories about it that count; an SPDX 2 document has no place for
other findings, and the comment of its creation counts them.
Source: SPDX 2.3 specification, https://spdx.github.io/spdx-spec/v2.3/, clauses 6–11.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from vigie.model.assets import AssetKind
from vigie.model.identity import digest
from vigie.model.observations import Kind, Rule
from vigie.model.results import InventoryItem, Result
from vigie.model.text import T, Words
from vigie.outlets.formats._wire.places import instances_of
from vigie.outlets.formats._wire.sentences import left_out, set_aside, shortfalls
from vigie.outlets.formats._wire.times import rfc3339
from vigie.outlets.stream import document, filled, gathered, listed
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_KINDS = frozenset({Kind.VULNERABILITY})
_UNSAID = "NOASSERTION"
_ROOT = "SPDXRef-Target"
_PURPOSES = {AssetKind.IMAGE: "CONTAINER", AssetKind.HOST: "OPERATING-SYSTEM"}
# The identifiers of the SPDX licence list that packages really carry; any other text becomes
# a LicenseRef with its words, which is always right.
_LISTED = frozenset(
    """
    0BSD AFL-2.1 AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 Artistic-1.0
    Artistic-2.0 BSD-1-Clause BSD-2-Clause BSD-3-Clause BSD-4-Clause BSL-1.0 BlueOak-1.0.0
    CC-BY-3.0 CC-BY-4.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CDDL-1.1 CPL-1.0 ECL-2.0 EPL-1.0 EPL-2.0
    EUPL-1.1 EUPL-1.2 FTL GFDL-1.3-only GFDL-1.3-or-later GPL-1.0-only GPL-1.0-or-later
    GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later HPND ICU IJG ISC LGPL-2.0-only
    LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later Libpng MIT
    MIT-0 MPL-1.1 MPL-2.0 MS-PL NCSA NTP OFL-1.1 OLDAP-2.8 OpenSSL PHP-3.01 PostgreSQL PSF-2.0
    Python-2.0 Ruby SSPL-1.0 Sleepycat UPL-1.0 Unicode-DFS-2016 Unlicense Vim W3C WTFPL X11
    ZPL-2.1 Zlib bzip2-1.0.6 curl
    """.split()  # noqa: SIM905  a list of a hundred strings is harder to read
)
_TOKENS = re.compile(r"\(|\)|[^\s()]+")
_ODD = re.compile(r"[^A-Za-z0-9.-]+")

_Advisories = defaultdict[tuple[str, str, str], list[dict[str, str]]]


class SpdxOutlet:
    format = "spdx"
    label = "SPDX"
    suffix = ".spdx.json"
    media_type = "application/spdx+json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(gathered(document(_members(result, view))))


OUTLET = SpdxOutlet()


def _members(result: Result, view: View) -> Iterator[tuple[str, Any]]:
    named = [(f"SPDXRef-Package-{n}", item) for n, item in enumerate(_items(result), 1)]
    licences = _Licences()
    yield "spdxVersion", "SPDX-2.3"
    yield "dataLicense", "CC0-1.0"
    yield "SPDXID", "SPDXRef-DOCUMENT"
    yield "name", result.target or "unknown"
    yield "documentNamespace", _namespace(result, view)
    yield "creationInfo", _creation(result, view)
    yield "packages", listed(_packages(result, named, licences, view.words))
    yield "relationships", listed(_relationships(named))
    if licences.other:
        yield "hasExtractedLicensingInfos", licences.extracted()


def _items(result: Result) -> list[InventoryItem]:
    """The inventory, and what only a finding names."""
    items = {(i.asset, i.component.name, i.component.version): i for i in result.components}
    for finding in result.findings:
        part = finding.component
        if part is not None:
            key = (finding.asset, part.name, part.version)
            items.setdefault(key, InventoryItem(part, finding.asset, finding.sources))
    return list(items.values())


def _namespace(result: Result, view: View) -> str:
    """A name of its own for this content (clause 6.5): the same result has the same name."""
    said = [f"{i.asset} {i.component.purl} {i.component.version}" for i in result.components]
    return f"urn:vigie:spdx:{digest(result.target, result.created, view.version, *said)}"


def _creation(result: Result, view: View) -> dict[str, Any]:
    missing = [one.text for one in shortfalls(result, view.words)]
    others = sum(1 for _ in left_out(result, _KINDS))
    if others:
        missing.append(
            view.words(T("{count} finding of another kind is not in this list.",
                         "{count} findings of other kinds are not in this list.", count=others))
        )  # fmt: skip
    return filled({
        "created": rfc3339(result.created),
        "creators": [f"Tool: Vigie-{view.version}"],
        "comment": "\n".join(missing),
    })  # fmt: skip


def _packages(
    result: Result,
    named: Sequence[tuple[str, InventoryItem]],
    licences: _Licences,
    words: Words,
) -> Iterator[dict[str, Any]]:
    kinds = {target.asset.kind for target in result.assets}
    advisories = _advisories(result, words)
    yield filled({
        "SPDXID": _ROOT,
        "name": result.target or "unknown",
        "downloadLocation": _UNSAID,
        "filesAnalyzed": False,
        "primaryPackagePurpose": _PURPOSES.get(kinds.pop(), "") if len(kinds) == 1 else "",
    })  # fmt: skip
    for identity, item in named:
        said = advisories[item.asset, item.component.name, item.component.version]
        yield _package(identity, item, said, licences)


def _package(
    identity: str, item: InventoryItem, advisories: list[dict[str, str]], licences: _Licences
) -> dict[str, Any]:
    part = item.component
    references = [_external("PACKAGE-MANAGER", "purl", part.purl)] if part.purl else []
    return filled({
        "SPDXID": identity,
        "name": part.name or "unknown",
        "versionInfo": part.version,
        "downloadLocation": _UNSAID,
        "filesAnalyzed": False,
        "licenseConcluded": _UNSAID,
        "licenseDeclared": licences.expression(part.licences),
        "copyrightText": _UNSAID,
        "sourceInfo": ", ".join(item.paths),
        "externalRefs": [*references, *advisories],
    })  # fmt: skip


def _external(category: str, kind: str, locator: str) -> dict[str, str]:
    return {"referenceCategory": category, "referenceType": kind, "referenceLocator": locator}


def _advisories(result: Result, words: Words) -> _Advisories:
    """The vulnerabilities of each package; one that does not count says why."""
    found: _Advisories = defaultdict(list)
    for finding in result.findings:
        part = finding.component
        if finding.kind not in _KINDS or part is None:
            continue
        said = [filled({
            **_external("SECURITY", "advisory", _address(finding.rule)),
            "comment": "" if finding.status.counts else set_aside(finding, words),
        })]  # fmt: skip
        places = {(place.name, place.version) for place in instances_of(finding)}
        for name, version in {(part.name, part.version), *places}:
            found[finding.asset, name, version] += said
    return found


def _address(rule: Rule) -> str:
    """A page about the advisory: one that the tools name, else where its record lies."""
    named = [url for url in rule.references if url.startswith(("https://", "http://"))]
    spoken = next((url for url in named if rule.id in url), "")
    return spoken or f"https://osv.dev/vulnerability/{quote(rule.id, safe='')}"


def _relationships(named: list[tuple[str, InventoryItem]]) -> Iterator[dict[str, str]]:
    yield _related("SPDXRef-DOCUMENT", "DESCRIBES", _ROOT)
    for identity, _ in named:
        yield _related(_ROOT, "CONTAINS", identity)


def _related(element: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": other}


class _Licences:
    """Licence texts as SPDX expressions (annex D); what is on no list gets a name of its own."""

    def __init__(self) -> None:
        self.other: dict[str, str] = {}

    def expression(self, said: tuple[str, ...]) -> str:
        """All of them together; NOASSERTION when nobody says any."""
        found = list(dict.fromkeys(self._one(text.strip()) for text in said if text.strip()))
        if len(found) > 1:
            found = [f"({text})" if " " in text else text for text in found]
        return " AND ".join(found) or _UNSAID

    def _one(self, text: str) -> str:
        return text if _is_expression(text) else self._reference(text)

    def _reference(self, text: str) -> str:
        if text not in self.other:
            slug = _ODD.sub("-", text).strip("-.")[:60] or "licence"
            taken = set(self.other.values())
            name = f"LicenseRef-{slug}"
            self.other[text] = name if name not in taken else f"{name}-{digest(text, length=8)}"
        return self.other[text]

    def extracted(self) -> list[dict[str, str]]:
        """What the names of our own stand for (clause 10)."""
        return [
            {"licenseId": name, "extractedText": text, "name": text.splitlines()[0]}
            for text, name in self.other.items()
        ]


def _is_expression(text: str) -> bool:
    """True for identifiers of the list joined by AND and OR, in balanced brackets."""
    depth, wants_name = 0, True
    for token in _TOKENS.findall(text):
        if token == "(" and wants_name:
            depth += 1
        elif token == ")" and not wants_name and depth:
            depth -= 1
        elif token in ("AND", "OR") and not wants_name:
            wants_name = True
        elif token.removesuffix("+") in _LISTED and wants_name:
            wants_name = False
        else:
            return False
    return depth == 0 and not wants_name

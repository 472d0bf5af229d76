"""OpenVEX 0.2.0: one statement for each vulnerability, about what it is in.

A finding in an image is about the image as the product and the package as its subcomponent;
any other is about the package itself. A vulnerability that counts is `affected`, for Vigie
found it there and nobody said otherwise. A risk that was accepted is `affected` as well, and
its action statement says who accepted it.
Source: openvex/spec, OPENVEX-SPEC.md 0.2.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding, Status
from vigie.model.identity import digest
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.model.text import T, Words
from vigie.outlets.formats._wire.places import asset_of, assets_of, image_purl, instances_of
from vigie.outlets.formats._wire.sentences import remedy, set_aside, shortfalls
from vigie.outlets.formats._wire.times import rfc3339
from vigie.outlets.formats._wire.vex import is_false_positive, openvex_justification
from vigie.outlets.stream import document, filled, gathered, listed
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_CONTEXT = "https://openvex.dev/ns/v0.2.0"
_KINDS = frozenset({Kind.VULNERABILITY})


class OpenVexOutlet:
    format = "openvex"
    label = "OpenVEX"
    suffix = ".openvex.json"
    media_type = "application/json"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        assets = assets_of(result)
        own = [finding for finding in result.findings if finding.kind in _KINDS]
        members = [
            ("@context", _CONTEXT),
            ("@id", f"https://openvex.dev/docs/public/vex-{_identity(result, own)}"),
            ("author", "Vigie"),
            ("timestamp", rfc3339(result.created)),
            ("version", 1),
            ("tooling", _tooling(result, view)),
            ("statements", listed(_statement(f, asset_of(f, assets), view.words) for f in own)),
        ]
        yield Part(gathered(document(members)))


OUTLET = OpenVexOutlet()


def _identity(result: Result, own: list[Finding]) -> str:
    said = (f"{f.fingerprint} {f.status.value}" for f in own)
    return digest("openvex", result.target, result.created, *said, length=64)


def _tooling(result: Result, view: View) -> str:
    """The one place of the format that can say that something was not looked at."""
    missing = [one.text for one in shortfalls(result, view.words, _KINDS)]
    return "; ".join([" ".join(filter(None, ("Vigie", view.version))), *missing])


def _statement(finding: Finding, asset: Asset, words: Words) -> dict[str, Any]:
    rule = finding.rule
    return filled({
        "vulnerability": filled({
            "name": rule.id,
            "description": rule.description,
            "aliases": sorted({alias for alias in rule.aliases if alias not in ("", rule.id)}),
        }),
        "products": [_product(finding, asset)],
        **_status(finding, words),
    })  # fmt: skip


def _product(finding: Finding, asset: Asset) -> dict[str, Any]:
    packages = sorted({i.purl for i in instances_of(finding) if i.purl}) or [_package(finding)]
    if asset.kind is AssetKind.IMAGE:
        inside = [{"@id": name, "identifiers": {"purl": name}} for name in packages]
        digests = sorted(d.rpartition(":")[2] for d in asset.digests if d.startswith("manifest:"))
        name = image_purl(asset)
        return filled({
            "@id": name,
            "identifiers": {"purl": name},
            "hashes": {"sha-256": digests[0]} if digests else {},
            "subcomponents": inside,
        })  # fmt: skip
    named = _package(finding)
    name = named if named in packages else packages[0]
    rest = [{"@id": other, "identifiers": {"purl": other}} for other in packages if other != name]
    return filled({"@id": name, "identifiers": {"purl": name}, "subcomponents": rest})


def _package(finding: Finding) -> str:
    """The component's purl, or a generic one where nobody gave it any."""
    part = finding.component
    if part is not None and part.purl:
        return part.purl
    name, version = (part.name, part.version) if part is not None else (finding.asset, "")
    return f"pkg:generic/{quote(name, safe='')}" + (
        f"@{quote(version, safe='')}" if version else ""
    )


def _status(finding: Finding, words: Words) -> dict[str, str]:
    aside = set_aside(finding, words)
    if finding.status is Status.UNDER_INVESTIGATION:
        return {"status": "under_investigation", "status_notes": aside}
    if finding.status is Status.FIXED:
        return {"status": "fixed", "status_notes": aside}
    justification = openvex_justification(finding)
    false = is_false_positive(finding)
    if finding.status is Status.NOT_AFFECTED or justification or false:
        # The standard asks for a justification of its own list or else for words.
        why = aside or words(T("The finding has been set aside."))
        return {"status": "not_affected", "justification": justification, "impact_statement": why}
    if finding.status is Status.SUPPRESSED:
        said = words(T("The risk has been accepted."))
        return {"status": "affected", "action_statement": "\n".join(filter(None, (said, aside)))}
    action = remedy(finding, words) or words(T("No remedy is known yet."))
    return {"status": "affected", "action_statement": action}

"""CycloneDX 1.6 JSON: the components, their vulnerabilities, and what was decided (VEX).

One entry for each vulnerability finding; it affects each package that the finding names.
Findings of other kinds have no place here and are counted in the metadata.
Source: CycloneDX 1.6 (ECMA-424), bom-1.6.schema.json.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from vigie.model.assets import Asset, AssetKind
from vigie.model.identity import digest
from vigie.model.observations import Kind
from vigie.model.results import Result
from vigie.outlets.formats._wire.places import image_purl
from vigie.outlets.formats._wire.sentences import left_out, shortfalls
from vigie.outlets.formats._wire.times import rfc3339
from vigie.outlets.formats.cyclonedx.inventory import Inventory
from vigie.outlets.formats.cyclonedx.vulnerabilities import vulnerability
from vigie.outlets.stream import document, filled, gathered, listed
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_KINDS = frozenset({Kind.VULNERABILITY})
_ROOT = "vigie:target"
_TYPES = {
    AssetKind.IMAGE: "container",
    AssetKind.HOST: "device",
}


class CycloneDxOutlet:
    format = "cyclonedx"
    label = "CycloneDX"
    suffix = ".cdx.json"
    media_type = "application/vnd.cyclonedx+json; version=1.6"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(gathered(document(_members(result, view))))


OUTLET = CycloneDxOutlet()


def _members(result: Result, view: View) -> Iterator[tuple[str, Any]]:
    inventory = Inventory(result)
    own = (finding for finding in result.findings if finding.kind in _KINDS)
    missing = shortfalls(result, view.words)
    yield "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"
    yield "bomFormat", "CycloneDX"
    yield "specVersion", "1.6"
    yield "serialNumber", _serial(result, view)
    yield "version", 1
    yield "metadata", _metadata(result, view)
    yield "components", listed(inventory)
    if _assesses(result):  # an empty list says that somebody looked and found nothing
        yield "vulnerabilities", listed(vulnerability(f, inventory, view.words) for f in own)
    if missing:  # what was not looked at makes the list of vulnerabilities incomplete
        yield "compositions", [{"aggregate": "incomplete", "assemblies": [_ROOT]}]


def _assesses(result: Result) -> bool:
    """True when it says something about vulnerabilities, and does not only list packages."""
    looked = not result.runs or any(
        run.coverage is None or run.coverage.kinds & _KINDS for run in result.runs
    )
    return looked or any(finding.kind in _KINDS for finding in result.findings)


def _serial(result: Result, view: View) -> str:
    """A UUID of the content (RFC 9562, version 8): the same result has the same number."""
    said = [f"{f.fingerprint} {f.status.value} {f.severity.value}" for f in result.findings]
    said += [f"{i.asset} {i.component.name} {i.component.version}" for i in result.components]
    runs = [f"{run.tool} {run.version} {run.outcome.value}" for run in result.runs]
    whole = digest(result.target, result.created, view.version, view.words.lang, *runs, *said)
    number = (int(whole, 16) & ~(0xF << 76) & ~(0x3 << 62)) | 0x8 << 76 | 0x2 << 62
    return f"urn:uuid:{uuid.UUID(int=number)}"


def _metadata(result: Result, view: View) -> dict[str, Any]:
    missing = [one.text for one in shortfalls(result, view.words)]
    others = sum(1 for _ in left_out(result, _KINDS))
    properties = [{"name": "vigie:complete", "value": "false" if missing else "true"}]
    properties += [{"name": "vigie:not-looked-at", "value": text} for text in missing]
    properties += [{"name": "vigie:findings-of-other-kinds", "value": str(others)}]
    tool = filled({"type": "application", "name": "Vigie", "version": view.version})
    return filled({
        "timestamp": rfc3339(result.created),
        "tools": {"components": [tool]},
        "component": _product(result),
        "properties": properties,
    })  # fmt: skip


def _product(result: Result) -> dict[str, Any]:
    """What was looked at: the one asset, or the target that stands for several."""
    assets = [target.asset for target in result.assets]
    asset = assets[0] if len(assets) == 1 else Asset(AssetKind.UNKNOWN, result.target)
    image = asset.kind is AssetKind.IMAGE
    return filled({
        "bom-ref": _ROOT,
        "type": _TYPES.get(asset.kind, "application"),
        "name": asset.name or "unknown",
        "purl": image_purl(asset) if image else "",
        "properties": [{"name": "vigie:asset", "value": target.id} for target in result.assets],
    })  # fmt: skip

"""Where a finding is, as a relative URI or an image purl that programs accept."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from vigie.model.assets import Asset, AssetKind
from vigie.model.findings import Finding, Instance
from vigie.model.observations import Location
from vigie.model.results import Result

_DRIVE_LETTER = 2


def assets_of(result: Result) -> dict[str, Asset]:
    """The assets by the ids that findings name them with."""
    return {target.id: target.asset for target in result.assets}


def asset_of(finding: Finding, assets: dict[str, Asset]) -> Asset:
    """What the finding is about; one that is known by its id alone when it is not listed."""
    return assets.get(finding.asset) or Asset(AssetKind.UNKNOWN, finding.asset)


def instances_of(finding: Finding) -> tuple[Instance, ...]:
    """The places of a finding: at least one, made of its component where it has none."""
    if finding.instances:
        return finding.instances
    part = finding.component
    return (Instance(part.name, part.version, part.purl) if part is not None else Instance(),)


def repository_of(image: str) -> str:
    """An image's repository without registry, tag and digest: "shop/web"."""
    plain = image.partition("@")[0]
    head, slash, last = plain.rpartition("/")
    plain = f"{head}{slash}{last.partition(':')[0]}"
    first, _, rest = plain.partition("/")
    registry = rest and ("." in first or ":" in first or first == "localhost")
    return rest if registry else plain


def relative_uri(location: Location | None, asset: Asset) -> str:
    """A relative URI for the place, never empty: GitHub takes no other, and each must have one.

    What is inside an image stands under the image's repository name, a URL under its host.
    """
    path = _path(location)
    if asset.kind is AssetKind.IMAGE:
        path = f"{repository_of(asset.name)}/{path}"
    elif not path:
        path = _address(asset.name) if "://" in asset.name else asset.name.replace("\\", "/")
    return quote("/".join(_steps(path)), safe="/~@+,=!$&'()*") or "unknown"


def _path(location: Location | None) -> str:
    if location is None:
        return ""
    if location.path:
        path = location.path.removeprefix("file://").replace("\\", "/")
        drive = len(path) > _DRIVE_LETTER and path[1:3] == ":/"
        return f"{path[0]}/{path[3:]}" if drive else path
    if location.url:
        return _address(location.url)
    return location.resource.replace(":", "/")


def _address(url: str) -> str:
    """Host and path of a URL. A query often holds what differs from scan to scan."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0]
    return f"{parts.netloc}{unquote(parts.path)}" if parts.netloc else parts.path


def _steps(path: str) -> Iterator[str]:
    """The steps of a path, without any that leaves the folder."""
    for step in path.split("/"):
        if step not in ("", ".", ".."):
            yield step


def image_purl(asset: Asset) -> str:
    """The package URL of an image (purl-spec, type oci): repository, digest and tag."""
    plain = asset.name.partition("@")[0]
    head, slash, last = plain.rpartition("/")
    name, _, tag = last.partition(":")
    digests = sorted(d.partition(":")[2] for d in asset.digests if d.startswith("manifest:"))
    version = f"@{quote(digests[0], safe='')}" if digests else ""
    qualifiers = [f"repository_url={quote(f'{head}{slash}{name}', safe='/')}"] if head else []
    qualifiers += [f"tag={quote(tag, safe='')}"] if tag else []
    ending = f"?{'&'.join(qualifiers)}" if qualifiers else ""
    return f"pkg:oci/{quote(name.lower(), safe='')}{version}{ending}"

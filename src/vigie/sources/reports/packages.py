"""Components and images out of package URLs, for formats that name things by purl alone."""

from __future__ import annotations

from urllib.parse import unquote

from packageurl import PackageURL

from vigie.model.assets import Asset, AssetKind
from vigie.model.components import Component

# Kinds of purl that name a whole product or a download, not a package inside something.
_WHOLE = frozenset({"oci", "docker", "generic", "github", "bitbucket", "swid"})

# Ecosystems whose own name for a package holds the namespace, and what stands between.
_JOINTS = {"maven": ":", "npm": "/", "golang": "/", "composer": "/", "swift": "/", "cargo": "/"}


def parse_purl(text: str) -> PackageURL | None:
    """The package URL (purl-spec), None when the text is none."""
    if not text.startswith("pkg:"):
        return None
    try:
        return PackageURL.from_string(text)
    except ValueError:
        return None


def purl_type(text: str) -> str:
    """The ecosystem a purl names ("deb", "pypi"…); "" when it is no purl."""
    scheme, _, rest = text.partition(":")
    return rest.lstrip("/").partition("/")[0].lower() if scheme == "pkg" else ""


def package_name(kind: str, namespace: str, name: str) -> str:
    """A package's name as its own ecosystem writes it: "org.demo:core", "@scope/name"."""
    joint = _JOINTS.get(kind)
    return f"{namespace}{joint}{name}" if joint and namespace else name


def component_from_purl(text: str) -> Component | None:
    """The package that a purl names; None for no purl, an image or another whole product.

    The qualifiers `upstream` ("openssl@3.0", as Syft writes it), `distro` and `epoch` are used.
    """
    purl = parse_purl(text)
    if purl is None or purl.type in _WHOLE:
        return None
    qualifiers = purl.qualifiers if isinstance(purl.qualifiers, dict) else {}
    version = purl.version or ""
    epoch = qualifiers.get("epoch", "")
    if version and epoch not in ("", "0") and not version.startswith(f"{epoch}:"):
        version = f"{epoch}:{version}"
    source, source_version = _source(purl.type, unquote(qualifiers.get("upstream", "")))
    return Component(
        name=package_name(purl.type, purl.namespace or "", purl.name),
        version=version,
        type=purl.type,
        purl=text,
        source_name=source,
        source_version=source_version or (version if source else ""),
        distro=qualifiers.get("distro", ""),
    )


def _source(kind: str, upstream: str) -> tuple[str, str]:
    """Name and version of a source package; of rpm, Syft gives its file: "a-1.2-3.src.rpm"."""
    if kind == "rpm" and upstream.endswith(".src.rpm"):
        parts = upstream.removesuffix(".src.rpm").rsplit("-", 2)
        return (parts[0], "-".join(parts[1:])) if len(parts) == 3 else (upstream, "")
    name, _, version = upstream.partition("@")
    return name, version


def image_from_purl(text: str) -> Asset | None:
    """The container image that a purl of type oci or docker names, else None."""
    purl = parse_purl(text)
    if purl is None or purl.type not in ("oci", "docker"):
        return None
    qualifiers = purl.qualifiers if isinstance(purl.qualifiers, dict) else {}
    plain = "/".join(filter(None, (purl.namespace, purl.name)))
    name = qualifiers.get("repository_url", "") or plain
    version = purl.version or ""
    tag = qualifiers.get("tag", "") or ("" if version.startswith("sha") else version)
    digests = frozenset({f"manifest:{version}"} if version.startswith("sha256:") else ())
    return Asset(AssetKind.IMAGE, f"{name}:{tag}" if tag else name, digests)

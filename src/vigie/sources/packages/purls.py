"""Package URLs for packages that were found."""

from __future__ import annotations

from packageurl import PackageURL


def purl(type_: str, namespace: str, name: str, version: str = "", **qualifiers: str) -> str:
    """The canonical package URL (purl-spec); qualifiers without a value are left out.

    `purl("deb", "debian", "curl", "7.88.1-10", arch="amd64", distro="debian-12")`.
    "" when the name is empty: a package without a name has no URL.
    """
    if not name.replace("/", " ").strip():
        return ""  # PackageURL strips such a name to nothing, and fails to write it
    said = {key: value for key, value in qualifiers.items() if value}
    try:
        return PackageURL(type_, namespace or None, name, version or None, said or None).to_string()
    except ValueError:
        return ""

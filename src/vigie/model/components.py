"""Components: packages inside an asset."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """A package as one tool named it.

    `type` is a purl type ("deb", "rpm", "apk", "pypi", "npm", "maven", "golang", "gem",
    "cargo", "composer", "nuget", …) or "" when the tool does not say.
    `purl` is kept as it was said, or "" when the tool gave none and none was built.
    `source_name` and `source_version` name the source package of a distribution binary.
    `distro` is "debian-12", "alpine-3.19"…
    `direct` is True for a dependency the project asks for itself, False for one that came
    with another, None when the tool does not say.
    """

    name: str
    version: str = ""
    type: str = ""
    purl: str = ""
    source_name: str = ""
    source_version: str = ""
    distro: str = ""
    licences: tuple[str, ...] = ()
    direct: bool | None = None

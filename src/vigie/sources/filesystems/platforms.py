"""Which of an index's images is meant: "linux/amd64", "linux/arm64/v8"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.sources.filesystems.documents import Descriptor, PlatformRecord

_ARCHITECTURES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "i386": "386"}
_VARIANTS = {"arm64": "v8", "arm": "v7"}  # what is meant when none is said
_ATTESTATION = "vnd.docker.reference.type"  # BuildKit's provenance and SBOM, no images


@dataclass(frozen=True, slots=True)
class Platform:
    """An operating system, an architecture and its variant ("" is any)."""

    os: str
    architecture: str
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))

    def suits(self, offered: Platform) -> bool:
        """True when an image for `offered` is what was asked for."""
        if (self.os, self.architecture) != (offered.os, offered.architecture):
            return False
        usual = _VARIANTS.get(self.architecture, "")
        return not self.variant or self.variant == (offered.variant or usual)


def parse_platform(text: str) -> Platform:
    """ "linux/amd64" or "linux/arm/v7". Raises UserError for anything else."""
    parts = text.strip().lower().split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise UserError(
            T("{platform} is no platform", platform=text), T("Write it as linux/amd64.")
        )
    parts[1] = _ARCHITECTURES.get(parts[1], parts[1])
    return Platform(*parts)


def config_platform(config: Mapping[str, Any]) -> Platform | None:
    """The platform of an image configuration; None when it does not say."""
    os, architecture = config.get("os"), config.get("architecture")
    variant = config.get("variant")
    if not isinstance(os, str) or not isinstance(architecture, str) or not architecture:
        return None
    return Platform(os or "linux", architecture, variant if isinstance(variant, str) else "")


def choose(offered: Sequence[Descriptor], wanted: Platform) -> tuple[Descriptor, int]:
    """The image that suits best, and how many different ones suit as well as it.

    The only image there is is taken whatever its platform, and so is the first of those that
    do not say theirs. Raises UserError that lists the platforms when none suits.
    """
    images = [one for one in offered if not _is_attestation(one)]
    known = [(one, _platform(one.platform)) for one in images]
    suiting = [(one, p.variant) for one, p in known if p is not None and wanted.suits(p)]
    if suiting:
        usual = wanted.variant or _VARIANTS.get(wanted.architecture, "")
        best, variant = min(suiting, key=lambda pair: pair[1] not in (usual, ""))
        return best, len({one.digest for one, other in suiting if other == variant})
    silent = [one for one, platform in known if platform is None]
    if silent:
        return silent[0], len({one.digest for one in silent})
    if len({one.digest for one in images}) == 1:
        return images[0], 1
    if not images:
        raise UserError(
            T("the index of the image lists no image"),
            T("Make it again with docker save or skopeo copy."),
        )
    raise UserError(
        T("the image is not there for {platform}", platform=str(wanted)),
        T("It is there for: {names}", names=tuple(str(platform) for _, platform in known[:20])),
    )


def _platform(record: PlatformRecord | None) -> Platform | None:
    if record is None or not record.architecture:
        return None
    return Platform(record.os or "linux", record.architecture, record.variant)


def _is_attestation(descriptor: Descriptor) -> bool:
    if _ATTESTATION in (descriptor.annotations or {}):
        return True
    record = descriptor.platform
    return record is not None and record.os == "unknown" == record.architecture

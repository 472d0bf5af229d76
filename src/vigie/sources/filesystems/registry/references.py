"""References to images: which registry, which repository, which tag or digest.

Sources: OCI distribution specification 1.1, "Pulling manifests"; the `reference` package of
distribution, for how Docker completes short names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vigie.model.errors import UserError
from vigie.model.text import T

# What Docker means by a name without a registry: its name, and where its API answers.
DEFAULT_REGISTRY, DEFAULT_API = "docker.io", "registry-1.docker.io"

_ALIASES = frozenset({DEFAULT_REGISTRY, "index.docker.io", DEFAULT_API})
_OFFICIAL = "library/"
_LONGEST = 255
_LONGEST_TEXT = 1000

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])"
_REGISTRY = re.compile(rf"{_HOST}(?::[0-9]{{1,5}})?\Z")
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
                         r"(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\Z")  # fmt: skip
_TAG = re.compile(r"\w[\w.-]{0,127}\Z", re.ASCII)
_DIGEST = re.compile(r"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\Z")
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Reference:
    """An image in a registry. `tag` is "" when only a digest is given."""

    registry: str
    repository: str
    tag: str
    digest: str = ""

    @property
    def host(self) -> str:
        """Where its API answers, with the port."""
        return DEFAULT_API if self.registry == DEFAULT_REGISTRY else self.registry

    @property
    def version(self) -> str:
        """What to ask for: the digest before the tag."""
        return self.digest or self.tag

    @property
    def name(self) -> str:
        """The repository as people write it: "alpine", "ghcr.io/org/app"."""
        if self.registry != DEFAULT_REGISTRY:
            return f"{self.registry}/{self.repository}"
        return self.repository.removeprefix(_OFFICIAL)

    @property
    def is_local(self) -> bool:
        """True for a registry on this very machine."""
        return _LOOPBACK.match(self.registry) is not None

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}{'@' + self.digest if self.digest else ''}"


def parse_reference(text: str) -> Reference:
    """ "alpine:3.19", "ghcr.io/org/app@sha256:…". Raises UserError for anything else."""
    name, at, digest = text.partition("@")
    head, slash, rest = name.partition("/")
    if slash and ("." in head or ":" in head or head == "localhost" or head != head.lower()):
        registry, path = head, rest
    else:
        registry, path = DEFAULT_REGISTRY, name
    path, colon, tag = path.partition(":")
    if registry in _ALIASES:
        registry = DEFAULT_REGISTRY
        path = path if "/" in path else _OFFICIAL + path
    wrong = (
        len(text) > _LONGEST_TEXT
        or not _REGISTRY.match(registry)
        or not _REPOSITORY.match(path)
        or len(path) > _LONGEST
        or (colon and not _TAG.match(tag))
        or (at and not _DIGEST.match(digest))
    )
    if wrong:
        raise UserError(
            T("{target} is no image reference", target=text[:300]),
            T("Write it as registry/name:tag."),
        )
    return Reference(registry, path, tag or ("" if digest else "latest"), digest)


def familiar(name: str) -> str:
    """A name as Docker shows it ("docker.io/library/alpine:3" is "alpine:3"); as it stands when
    it is no reference."""
    try:
        reference = parse_reference(name)
    except UserError:
        return name
    return str(reference) if ":" in name.rpartition("/")[2] or "@" in name else reference.name

"""Asks a registry which digest a tag has now.

Source: OCI distribution specification 1.1, "Pulling manifests".
"""

from __future__ import annotations

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.sources.filesystems.documents import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    digest_of,
)
from vigie.sources.filesystems.registry.client import Passing, RegistryClient
from vigie.sources.filesystems.registry.credentials import Credentials, find_credentials
from vigie.sources.filesystems.registry.references import DEFAULT_REGISTRY, parse_reference

_MANIFESTS = ", ".join((OCI_INDEX, DOCKER_INDEX, OCI_MANIFEST, DOCKER_MANIFEST))
_LARGEST = 4 * 1024**2
# Where anybody's base images come from. A Dockerfile may name any machine, and somebody who looks
# into a stranger's folder does not want to talk to the stranger's.
_PUBLIC = frozenset({DEFAULT_REGISTRY, "quay.io", "ghcr.io", "gcr.io", "mcr.microsoft.com",
                     "public.ecr.aws", "registry.access.redhat.com", "registry.k8s.io",
                     "cgr.dev", "registry.suse.com"})  # fmt: skip


def tag_digest(name: str) -> str:
    """The digest of an image's manifest, of the index where it is for several platforms.

    Asks once and does not insist: what is learned is welcome, not needed. Only the well-known
    registries are asked, and those that there are credentials for. Raises UserError for a name
    that is none or a registry that is not asked, SourceError when it does not have the image or
    does not answer.
    """
    reference = parse_reference(name)
    credentials = find_credentials(reference.registry)
    if reference.registry not in _PUBLIC and credentials == Credentials():
        raise UserError(
            T("{registry} is not asked for base images", registry=reference.registry),
            T("Log in to it first: docker login {registry}", registry=reference.registry),
        )
    client = RegistryClient(reference, credentials)
    try:
        if reference.is_local:
            client.greet()  # it may speak without encryption
        data = b""
        with client.get(f"manifests/{reference.version}", {"Accept": _MANIFESTS}) as response:
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > _LARGEST:
                    raise SourceError(
                        T("{name} of the image is too large to be one", name="manifest")
                    )
        return digest_of(data)
    except Passing as failure:
        raise SourceError(
            T("{registry} does not answer: {why}", registry=reference.registry, why=failure.why),
            T("See whether it is reachable from here, or try again later."),
            retryable=True,
        ) from None
    finally:
        client.close()

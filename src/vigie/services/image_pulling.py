"""Brings the image that a tenant named to this machine, for the scanners to look at.

Scanners that asked registries themselves would do so by every way this machine has, and as whoever
is logged in on it. So the platform fetches the image once, by the way that it calls out by and as
the tenant, and the scanners are given the archive.

A tenant's login for a registry is the tenant's secret of that registry's name: `registry-ghcr.io`
goes to ghcr.io and nowhere else, whoever starts a scan of what. A port follows an underscore:
`registry-registry.example_5000`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.scanners import Target
from vigie.ports.secrets import SCHEME, is_name
from vigie.services.platform import Platform
from vigie.sources.filesystems.limits import DEFAULT_LIMITS
from vigie.sources.filesystems.registry.access import Access
from vigie.sources.filesystems.registry.credentials import Credentials, find_credentials
from vigie.sources.filesystems.registry.saving import save_image

_IDENTITY = "<token>"  # the user that stands for an identity token (docker-credential-helpers)


def pulled(
    platform: Platform,
    tenant: str,
    target: Target,
    folder: Path,
    *,
    machine_login: bool,
    offline: bool,
    timeout: float,
    still: Callable[[], None],
) -> Target:
    """The same target as an archive in `folder`; anything but an image of a registry as it is.

    `machine_login` lets the registry logins of this machine serve the tenant where it has none of
    its own. `timeout` is in seconds for each request, `still` raises when it is to stop. Raises
    UserError for an address that may not be called and for what is no image, SourceError when the
    registry fails.
    """
    if target.kind is not AssetKind.IMAGE or target.path is not None:
        return target
    if offline:
        raise UserError(
            T("{target} is in a registry, and the network is not to be used",
              target=target.reference),
            T("Save it to an archive (docker save, skopeo copy) and scan that."),
        )  # fmt: skip
    access = Access(
        client=lambda: platform.outbound.client(timeout=timeout, largest=DEFAULT_LIMITS.download),
        credentials=lambda registry: login(platform, tenant, registry, machine_login=machine_login),
        still=still,
    )
    archive = folder / "image.tar"
    asset = save_image(target.reference, archive, access)
    return replace(target, path=archive, asset=asset)


def login(platform: Platform, tenant: str, registry: str, *, machine_login: bool) -> Credentials:
    """Who the tenant is to a registry; nobody where no secret says it.

    Raises UserError for a secret that is no login; it repeats nothing of it.
    """
    name = f"registry-{registry.lower().replace(':', '_')}"
    if is_name(name) and platform.secrets.versions(name, tenant):
        said = platform.secrets.resolve(SCHEME + name, tenant).reveal()
        user, colon, password = said.partition(":")
        if not user or not colon:
            raise UserError(
                T("the secret {name} is no login of a registry", name=name),
                T("Give USER:PASSWORD, or <token>: and an identity token."),
            )
        return Credentials(identity=password) if user == _IDENTITY else Credentials(user, password)
    if machine_login:
        return find_credentials(registry)
    return Credentials(
        trouble=T("See whether the name is right; a login is kept as the secret {name}.", name=name)
    )

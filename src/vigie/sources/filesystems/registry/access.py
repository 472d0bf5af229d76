"""How a registry is reached and who we are there: chosen by whoever asks, not by this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.sources.filesystems.registry.credentials import Credentials, find_credentials

if TYPE_CHECKING:
    import httpx

MakeClient = Callable[[], "httpx.Client"]
"""Makes the client that every request of one image goes through: to the registry, to where its
tokens come from, to where it leads. It must follow no redirect itself, and ask for nothing
packed ("Accept-Encoding: identity"); whoever asked for it closes it."""


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Access:
    """How to ask a registry. As it stands it is a person's own way, on their own machine.

    `client` None is an ordinary client, with the environment's proxies. `credentials` says who we
    are to a registry ("ghcr.io"), `plain_http` allows to ask without encryption. `still` is called
    again and again while something is fetched; what it raises ends that.
    """

    client: MakeClient | None = None
    credentials: Callable[[str], Credentials] = find_credentials
    plain_http: bool = False
    still: Callable[[], None] = _nothing


OWN = Access()

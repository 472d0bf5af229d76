"""A service that answers at an address, as a target. Only somebody who names it means it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.scanners import Target
from vigie.sources.reports.web import origin

# Who types a project's address there means its code, and nobody may send them attacks.
_FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "git.sr.ht")
_LONGEST = 2048
_PLAIN = re.compile(r"[!-~]+")  # visible ASCII: everything that an address may hold (RFC 3986)


def resolve_address(text: str) -> Target:
    """The service at an http or https address; its asset is named by its origin (RFC 6454).

    Raises UserError for addresses of repositories, for those with a password in them, and for
    what is no address of a web service at all.
    """
    where = origin(text) if len(text) <= _LONGEST and _PLAIN.fullmatch(text) else ""
    if not where or not where.startswith(("http://", "https://")) or _is_repository(text):
        raise UserError(
            T("{target} is no address of a web service", target=text[:_LONGEST]),
            T("Of a repository, make a clone first and give its folder."),
        )
    if "@" in urlsplit(text).netloc:
        raise UserError(
            T("the address of {target} holds a name or a password", target=where),
            T("Give it without: other programs on this machine would see it."),
        )
    return Target(AssetKind.ENDPOINT, text, asset=Asset(AssetKind.ENDPOINT, where))


def _is_repository(text: str) -> bool:
    parts = urlsplit(text)
    if parts.path.rstrip("/").endswith(".git"):
        return True
    host = (parts.hostname or "").removeprefix("www.")
    return any(host == forge or host.endswith(f".{forge}") for forge in _FORGES)

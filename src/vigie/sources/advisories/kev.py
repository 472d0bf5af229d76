"""CISA Known Exploited Vulnerabilities catalogue, in its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.feeds import KevEntry

_MOST = 256 * 1024**2


class _Entry(msgspec.Struct):
    cveID: str  # noqa: N815 - the catalogue's own name
    dateAdded: str = ""  # noqa: N815
    dueDate: str = ""  # noqa: N815
    knownRansomwareCampaignUse: str = ""  # noqa: N815


class _Catalogue(msgspec.Struct):
    vulnerabilities: list[_Entry]
    dateReleased: str = ""  # noqa: N815


def read_kev(path: Path) -> tuple[Mapping[str, KevEntry], str]:
    """Entries by CVE and the catalogue's date. Raises UserError for any other file."""
    try:
        if path.stat().st_size > _MOST:
            raise UserError(T("{name} is too large to be the KEV catalogue", name=str(path)))
        catalogue = msgspec.json.decode(path.read_bytes(), type=_Catalogue)
    except OSError as error:
        raise UserError(
            T("{name} cannot be read: {error}", name=str(path), error=error.strerror or "")
        ) from None
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UserError(
            T("{name} is not the KEV catalogue: {error}", name=str(path), error=str(error)),
            T("It is known_exploited_vulnerabilities.json, as CISA publishes it."),
        ) from None
    entries = {
        entry.cveID.upper(): KevEntry(
            entry.cveID.upper(),
            entry.dateAdded,
            entry.dueDate,
            True if entry.knownRansomwareCampaignUse == "Known" else None,
        )
        for entry in catalogue.vulnerabilities
    }
    return entries, catalogue.dateReleased or "unknown"

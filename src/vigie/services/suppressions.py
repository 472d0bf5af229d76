"""Suppressions as people see them: which decisions hold, made by whom, until when; and the same
as a VEX document for others."""

from __future__ import annotations

from collections.abc import Iterable

import vigie
from vigie.model.errors import UserError
from vigie.model.findings import Status
from vigie.model.text import T
from vigie.ports.outlets import View
from vigie.services.platform import Caller, Platform
from vigie.services.records import Noun
from vigie.services.stored_results import Wanted, stored_result
from vigie.stores.relational.fields import COUNT, FLAG, ID, TIME, Field, words_of
from vigie.stores.relational.listing import Listing
from vigie.stores.relational.tables.findings import SUPPRESSIONS

SUPPRESSION = Noun("suppression", SUPPRESSIONS)
# Outlets that say what was decided, in a form that others read.
VEX_FORMATS = ("openvex", "cyclonedx")

_T = SUPPRESSIONS.c
LISTING = Listing(
    "suppressions",
    SUPPRESSIONS,
    {
        "id": Field(_T.id, ID),
        "scope": Field(_T.scope, facet=True),
        "asset_id": Field(_T.asset_id, ID),
        "component": Field(_T.component),
        "kind": Field(_T.kind, facet=True),
        "rule": Field(_T.rule, sort=True),
        "status": Field(_T.status, words_of(Status), facet=True),
        "justification": Field(_T.justification),
        "reason": Field(_T.reason),
        "source": Field(_T.source, facet=True),
        "owner": Field(_T.owner, facet=True),
        "created_at": Field(_T.created_at, TIME, sort=True),
        "expires_at": Field(_T.expires_at, TIME),
        "revoked_at": Field(_T.revoked_at, TIME),
        "ended": Field(_T.revoked_at.is_not(None), FLAG, facet=True, shown=False),
        "revision": Field(_T.revision, COUNT),
    },
    search=(_T.rule, _T.reason, _T.component, _T.owner),
)


def vex_document(platform: Platform, caller: Caller, form: str) -> tuple[Iterable[bytes], str]:
    """All that was decided about the tenant's findings as a VEX document, and its media type.
    Raises UserError for a form that is no VEX."""
    if form not in VEX_FORMATS:
        raise UserError(
            T("{name} is no form of VEX", name=form[:100]),
            T("Choose from: {names}", names=VEX_FORMATS),
        )
    with platform.database.read(caller.scope) as work:
        result = stored_result(work, Wanted(components=False), target="vex", at=platform.clock())
    outlet = platform.plugs.outlets[form]
    view = View(words=platform.words("en"), version=vigie.__version__)
    chunks = (chunk for part in outlet.render(result, view) for chunk in part.chunks)
    return chunks, outlet.media_type

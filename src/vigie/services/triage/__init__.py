"""Triage: what people decide about findings, and what follows from it.

A decision is a row that outlives the finding it was made at: imports hold every finding against
the decisions there are (`recording.suppressing`), so it holds after a re-scan and a new tag, and
in other assets where its scope says so. Here decisions are made, revoked and end.
"""

from vigie.services.triage.deciding import Decided, Verdict, decide, revoke
from vigie.services.triage.expiring import expire
from vigie.services.triage.talking import add_comment, assign, comment, edit_comment, remove_comment

__all__ = [
    "Decided",
    "Verdict",
    "add_comment",
    "assign",
    "comment",
    "decide",
    "edit_comment",
    "expire",
    "remove_comment",
    "revoke",
]

"""What Clair answers, as far as Vigie looks into it before the report's parser does.

Source: Clair's OpenAPI schemas `index_state`, `index_report`, `vulnerability_report`,
`update_operation`, `error`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class IndexState(msgspec.Struct):
    state: str


class IndexReport(msgspec.Struct):
    """How far the indexing is. `err` says why it failed."""

    manifest_hash: str
    state: str
    success: bool
    err: str = ""


class Outline(msgspec.Struct):
    """The members of a vulnerability report without which it says nothing."""

    manifest_hash: str
    packages: dict[str, msgspec.Raw]
    vulnerabilities: dict[str, msgspec.Raw]
    package_vulnerabilities: dict[str, list[str]]


class UpdateOperation(msgspec.Struct):
    """`date` is when one source of vulnerabilities last had something new."""

    updater: str = ""
    date: datetime | None = None


class Failure(msgspec.Struct):
    message: str
    code: str = ""

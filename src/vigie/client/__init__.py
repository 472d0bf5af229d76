"""A client of Vigie's API: one method an operation, typed bodies and answers.

    from vigie.client import Client

    with Client("https://vigie.example", key) as vigie:
        for finding in vigie.every(vigie.list_findings, severity="critical,high"):
            print(finding.rule.name, finding.asset.name)

What goes wrong is raised as `Refused` (the request must change) or `Unreachable` (try again, or
mend the server), each with a hint. `shapes` holds every type. The operations and the shapes are
made from docs/api/openapi.json by tools/client.py.
"""

from vigie.client.address import key_of, server_of
from vigie.client.client import Client
from vigie.client.failures import (
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Outdated,
    Refused,
    TooMany,
    Unreachable,
)
from vigie.client.made import shapes
from vigie.client.streams import Download, ServerEvent, Upload

__all__ = [
    "Client",
    "Conflict",
    "Download",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Outdated",
    "Refused",
    "ServerEvent",
    "TooMany",
    "Unreachable",
    "Upload",
    "key_of",
    "server_of",
    "shapes",
]

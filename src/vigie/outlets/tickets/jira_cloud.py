"""Jira Cloud issues (REST API v3), with an API token and the e-mail of whose it is."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from vigie.model.text import T
from vigie.outlets.tickets import _settings
from vigie.outlets.tickets._adf import document
from vigie.outlets.tickets._jira import KIND, PROJECT, Dialect, JiraTracker
from vigie.ports.notifiers import Channel, Field

_EMAIL = Field("email", T("E-mail of the account"), example="vigie@acme.example")
_ADDRESS = re.compile(r"[^\s:@]{1,200}@[^\s:@]{1,200}")


def _signed(channel: Channel) -> tuple[Mapping[str, str], tuple[str, ...]]:
    token = _settings.token(channel)
    login = f"{_settings.matching(channel, _EMAIL, _ADDRESS)}:{token}"
    packed = base64.b64encode(login.encode()).decode("ascii")
    return {"Authorization": f"Basic {packed}"}, (token, packed)


TRACKER = JiraTracker(
    "jira-cloud",
    "Jira Cloud",
    (
        _settings.address_field("https://acme.atlassian.net"),
        PROJECT,
        KIND,
        _EMAIL,
        _settings.token_field(T("API token")),
    ),
    # What /search was before is gone (410) since 2025.
    Dialect("/rest/api/3", ("POST", "/search/jql"), document, _signed),
)

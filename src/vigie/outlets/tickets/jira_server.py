"""Jira Server and Data Center issues (REST API v2), with a personal access token."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.model.text import T
from vigie.outlets.tickets import _settings
from vigie.outlets.tickets._jira import KIND, PROJECT, Dialect, JiraTracker
from vigie.outlets.tickets._wiki import markup
from vigie.ports.notifiers import Channel


def _signed(channel: Channel) -> tuple[Mapping[str, str], tuple[str, ...]]:
    token = _settings.token(channel)
    return {"Authorization": f"Bearer {token}"}, (token,)


TRACKER = JiraTracker(
    "jira-server",
    "Jira Data Center",
    (
        _settings.address_field("https://jira.example"),
        PROJECT,
        KIND,
        _settings.token_field(T("Personal access token")),
    ),
    Dialect("/rest/api/2", ("POST", "/search"), markup, _signed),
)

"""GitLab issues, of gitlab.com and of one's own GitLab (REST API v4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

import msgspec

from vigie.model.text import T
from vigie.outlets.tickets import _marks, _settings
from vigie.outlets.tickets._calls import Caller
from vigie.outlets.tickets._labelled import ensure, gone, issue_of, listed, unlabelled
from vigie.outlets.tickets._texts import cut, one_line, quiet, uncommanded, unmentioned
from vigie.ports.notifiers import Channel, Field, Post
from vigie.ports.plugs import Needs
from vigie.ports.tickets import Draft, TicketRef, TicketState

_TITLE, _BODY = 255, 100_000  # of the million that it takes, more than anybody reads
_ALL: Mapping[str, str | int] = MappingProxyType(
    {"scope": "all", "state": "all", "order_by": "created_at", "sort": "asc"}
)
_PATH = re.compile(r"[0-9]+|[A-Za-z0-9_][\w.-]*(/[\w.-]+)+", re.ASCII)
_STATES = {"opened": TicketState.OPEN, "closed": TicketState.CLOSED}

_URL = _settings.address_field("https://gitlab.example", "https://gitlab.com")
_PROJECT = Field("project", T("Project"), example="acme/shop")
_CONFIDENTIAL = Field(
    "confidential", T("Confidential"), required=False, choices=("yes", "no"), default="yes"
)
_TOKEN = _settings.token_field(T("Access token"))


class _Issue(msgspec.Struct):
    iid: int
    web_url: str
    state: str = ""
    description: str | None = None
    labels: list[str] = []
    moved_to_id: int | None = None

    def ref(self) -> TicketRef:
        if self.moved_to_id is not None:
            return TicketRef(str(self.iid), self.web_url, TicketState.GONE, "moved")
        state = _STATES.get(self.state, TicketState.UNKNOWN)
        return TicketRef(str(self.iid), self.web_url, state, self.state)


class GitlabTracker:
    name = "gitlab"
    label = "GitLab"
    needs = Needs(network=True)
    fields = (_URL, _PROJECT, _CONFIDENTIAL, _TOKEN)

    def check(self, channel: Channel) -> None:
        _settings.check_given(channel, self.fields)
        _settings.address(channel, _URL)
        _settings.token(channel)
        _settings.matching(channel, _PROJECT, _PATH)

    def find(self, key: str, channel: Channel, post: Post) -> TicketRef | None:
        caller = self._caller(channel, post)
        for issue in listed(_Issue, _marks.group_label(key), caller, _ALL):
            if issue.moved_to_id is None and _marks.carries(key, issue.description or ""):
                return issue.ref()
        return None

    def create(self, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        caller = self._caller(channel, post)
        label = _marks.group_label(draft.key)
        ensure(label, caller, colour="#2b6cb0", taken=409)
        body = {
            **_content(draft),
            "labels": ",".join([label, *_marks.labels(draft)]),
            "confidential": _settings.setting(channel, _CONFIDENTIAL) == "yes",
        }
        issue = caller.ask("POST", "/issues", body=body).read(_Issue)
        if label not in issue.labels:
            raise unlabelled(caller)
        if draft.closed:
            return self.update(issue.ref(), draft, channel, post)
        return issue.ref()

    def update(self, ref: TicketRef, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        caller = self._caller(channel, post)
        issue = issue_of(_Issue, ref, caller)
        if issue is None or issue.moved_to_id is not None:
            return gone(ref)
        wanted = [_marks.group_label(draft.key), *_marks.labels(draft)]
        body = {**_content(draft), "labels": ",".join(_marks.kept(issue.labels, wanted))}
        if draft.closed != (issue.state == "closed"):
            body["state_event"] = "close" if draft.closed else "reopen"
        now = caller.ask("PUT", f"/issues/{issue.iid}", body=body).read(_Issue)
        if draft.comment:
            text = cut(uncommanded(quiet(draft.comment, _BODY)), _BODY)
            caller.ask("POST", f"/issues/{issue.iid}/notes", body={"body": text})
        return now.ref()

    def state(self, ref: TicketRef, channel: Channel, post: Post) -> TicketRef:
        issue = issue_of(_Issue, ref, self._caller(channel, post))
        return gone(ref) if issue is None else issue.ref()

    def _caller(self, channel: Channel, post: Post) -> Caller:
        self.check(channel)
        project = _settings.setting(channel, _PROJECT)
        token = _settings.token(channel)
        address = f"{_settings.address(channel, _URL)}/api/v4/projects/{quote(project, safe='')}"
        return Caller(self.label, address, project, {"PRIVATE-TOKEN": token}, post, (token,))


def _content(draft: Draft) -> dict[str, object]:
    """Title and description. GitLab also calls people from titles, and takes lines that begin
    with a slash for commands."""
    text = uncommanded(quiet(draft.body, _BODY))
    return {
        "title": one_line(unmentioned(draft.title), _TITLE),
        "description": cut(_marks.marked(draft.key, text), _BODY),
    }


TRACKER = GitlabTracker()

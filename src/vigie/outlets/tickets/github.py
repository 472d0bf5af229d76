"""GitHub issues, of github.com and of GitHub Enterprise Server (REST API 2022-11-28)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.outlets.tickets import _marks, _settings
from vigie.outlets.tickets._calls import Caller
from vigie.outlets.tickets._labelled import ensure, gone, issue_of, listed, unlabelled
from vigie.outlets.tickets._texts import cut, one_line, quiet
from vigie.ports.notifiers import Channel, Field, Post
from vigie.ports.plugs import Needs
from vigie.ports.tickets import Draft, TicketRef, TicketState

_TITLE, _BODY = 256, 65_536
_ALL: Mapping[str, str | int] = MappingProxyType(
    {"state": "all", "sort": "created", "direction": "asc"}
)
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_STATES = {"open": TicketState.OPEN, "closed": TicketState.CLOSED}

_URL = _settings.address_field("https://github.example/api/v3", "https://api.github.com")
_REPO = Field("repository", T("Repository"), example="acme/shop")
_TOKEN = _settings.token_field(T("Access token"))


class _Label(msgspec.Struct):
    name: str = ""


class _Issue(msgspec.Struct):
    number: int
    html_url: str
    state: str = ""
    state_reason: str | None = None
    body: str | None = None
    labels: list[_Label | str] = []
    pull_request: dict[str, object] | None = None

    def ref(self) -> TicketRef:
        said = f"{self.state} ({self.state_reason})" if self.state_reason else self.state
        state = _STATES.get(self.state, TicketState.UNKNOWN)
        return TicketRef(str(self.number), self.html_url, state, said)

    @property
    def names(self) -> list[str]:
        return [one if isinstance(one, str) else one.name for one in self.labels]


class GithubTracker:
    name = "github"
    label = "GitHub"
    needs = Needs(network=True)
    fields = (_URL, _REPO, _TOKEN)

    def check(self, channel: Channel) -> None:
        _settings.check_given(channel, self.fields)
        _settings.address(channel, _URL)
        _settings.token(channel)
        _settings.matching(channel, _REPO, _REPOSITORY)

    def find(self, key: str, channel: Channel, post: Post) -> TicketRef | None:
        caller = self._caller(channel, post)
        for issue in listed(_Issue, _marks.group_label(key), caller, _ALL):
            if issue.pull_request is None and _marks.carries(key, issue.body or ""):
                return issue.ref()
        return None

    def create(self, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        caller = self._caller(channel, post)
        label = _marks.group_label(draft.key)
        ensure(label, caller, colour="2b6cb0", taken=422)
        wanted = [label, *_marks.labels(draft)]
        body = {**_content(draft), "labels": wanted}
        reply = caller.ask("POST", "/issues", body=body, expects=frozenset({410}))
        if reply.status == 410:
            raise UserError(
                T("{where} has its issues switched off", where=caller.where),
                T("Switch them on in its settings, or choose another."),
            )
        issue = reply.read(_Issue)
        if label not in issue.names:
            raise unlabelled(caller)
        if draft.closed:
            return self.update(issue.ref(), draft, channel, post)
        return issue.ref()

    def update(self, ref: TicketRef, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        caller = self._caller(channel, post)
        issue = issue_of(_Issue, ref, caller)
        if issue is None:
            return gone(ref)
        wanted = [_marks.group_label(draft.key), *_marks.labels(draft)]
        body = {**_content(draft), "labels": _marks.kept(issue.names, wanted)}
        if draft.closed and issue.state != "closed":
            body |= {"state": "closed", "state_reason": "completed"}
        elif not draft.closed and issue.state == "closed":
            body |= {"state": "open", "state_reason": "reopened"}
        now = caller.ask("PATCH", f"/issues/{issue.number}", body=body).read(_Issue)
        if draft.comment:
            text = cut(quiet(draft.comment, _BODY), _BODY)
            caller.ask("POST", f"/issues/{issue.number}/comments", body={"body": text})
        return now.ref()

    def state(self, ref: TicketRef, channel: Channel, post: Post) -> TicketRef:
        issue = issue_of(_Issue, ref, self._caller(channel, post))
        return gone(ref) if issue is None else issue.ref()

    def _caller(self, channel: Channel, post: Post) -> Caller:
        self.check(channel)
        repository = _settings.setting(channel, _REPO)
        token = _settings.token(channel)
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "Authorization": f"Bearer {token}",
        }
        address = f"{_settings.address(channel, _URL)}/repos/{repository}"
        return Caller(self.label, address, repository, headers, post, (token,))


def _content(draft: Draft) -> dict[str, object]:
    body = cut(_marks.marked(draft.key, quiet(draft.body, _BODY)), _BODY)
    return {"title": one_line(draft.title, _TITLE), "body": body}


TRACKER = GithubTracker()

"""What Jira Cloud and Jira Server have in common: issues, labels, workflows.

REST API v3 (Cloud) and v2 (Server, Data Center) differ in how one signs in, in the form of
texts and in how one searches; a `Dialect` says how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.outlets.tickets import _marks, _settings
from vigie.outlets.tickets._calls import NOWHERE, Caller
from vigie.outlets.tickets._texts import one_line
from vigie.ports.notifiers import Channel, Field, Post
from vigie.ports.plugs import Needs
from vigie.ports.tickets import Draft, TicketRef, TicketState

PROJECT = Field("project", T("Project key"), example="SEC")
KIND = Field("issue_type", T("Issue type"), required=False, default="Task")

_TITLE = 255
_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,254}")
_CATEGORIES = {
    "new": TicketState.OPEN,
    "indeterminate": TicketState.IN_PROGRESS,
    "done": TicketState.CLOSED,
}


class _Category(msgspec.Struct):
    key: str = ""


class _Status(msgspec.Struct):
    name: str = ""
    statusCategory: _Category = msgspec.field(default_factory=_Category)  # noqa: N815 - theirs

    @property
    def state(self) -> TicketState:
        return _CATEGORIES.get(self.statusCategory.key, TicketState.UNKNOWN)


class _Fields(msgspec.Struct):
    status: _Status = msgspec.field(default_factory=_Status)


class _Issue(msgspec.Struct):
    id: str
    key: str
    fields: _Fields = msgspec.field(default_factory=_Fields)

    def ref(self, site: str) -> TicketRef:
        status = self.fields.status
        return TicketRef(self.id, f"{site}/browse/{quote(self.key)}", status.state, status.name)


class _Found(msgspec.Struct):
    issues: list[_Issue]


class _Choice(msgspec.Struct):
    id: str = ""
    name: str = ""


class _Asked(msgspec.Struct):
    required: bool = False
    allowedValues: list[_Choice] = []  # noqa: N815 - theirs
    hasDefaultValue: bool = False  # noqa: N815 - theirs


class _Transition(msgspec.Struct):
    id: str
    name: str = ""
    to: _Status = msgspec.field(default_factory=_Status)
    isAvailable: bool = True  # noqa: N815 - theirs
    fields: dict[str, _Asked] = {}

    def wants(self) -> dict[str, _Asked]:
        """The fields that must be given for it."""
        return {
            name: asked
            for name, asked in self.fields.items()
            if asked.required and not asked.hasDefaultValue
        }


class _Transitions(msgspec.Struct):
    transitions: list[_Transition]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of Jira. `api` is the path of its API; `found_at` where and how it searches;
    `text` gives Markdown its form; `signed` the header of a channel's authorisation and what in
    it is secret."""

    api: str
    search: tuple[str, str]
    text: Callable[[str], object]
    signed: Callable[[Channel], tuple[Mapping[str, str], tuple[str, ...]]]


class JiraTracker:
    """A Jira of one kind. Vigie's key is a label of the issue, which JQL finds."""

    needs = Needs(network=True)

    def __init__(self, name: str, label: str, fields: Sequence[Field], dialect: Dialect) -> None:
        self.name = name
        self.label = label
        self.fields = tuple(fields)
        self._url = self.fields[0]
        self._dialect = dialect

    def check(self, channel: Channel) -> None:
        _settings.check_given(channel, self.fields)
        _settings.address(channel, self._url)
        _settings.matching(channel, PROJECT, _KEY)
        self._dialect.signed(channel)

    def find(self, key: str, channel: Channel, post: Post) -> TicketRef | None:
        """As the port says. The index of Jira Cloud may be some seconds behind a new issue:
        after a lost answer, ask only when a while has passed."""
        caller = self._caller(channel, post)
        project = _settings.setting(channel, PROJECT)
        jql = f'project = "{project}" AND labels = "{_marks.key_label(key)}" ORDER BY created ASC'
        method, path = self._dialect.search
        wanted = {"jql": jql, "maxResults": 1, "fields": ["status"]}
        # A project that it does not know or show is a 400, not nothing found.
        found = caller.ask(method, path, body=wanted).read(_Found).issues
        return found[0].ref(self._site(channel)) if found else None

    def create(self, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        caller = self._caller(channel, post)
        fields = {
            **self._content(draft),
            "project": {"key": _settings.setting(channel, PROJECT)},
            "issuetype": {"name": _settings.setting(channel, KIND)},
            "labels": [_marks.key_label(draft.key), *_marks.labels(draft)],
        }
        made = caller.ask("POST", "/issue", body={"fields": fields}).read(_Issue)
        if draft.closed:
            return self.update(made.ref(self._site(channel)), draft, channel, post)
        # What it answers has no status: a new issue waits at the start of its workflow.
        url = made.ref(self._site(channel)).url
        return TicketRef(made.id, url, TicketState.OPEN)

    def update(self, ref: TicketRef, draft: Draft, channel: Channel, post: Post) -> TicketRef:
        caller = self._caller(channel, post)
        issue = self._issue(ref, caller)
        if issue is None:
            return TicketRef(ref.id, ref.url, TicketState.GONE)
        path = f"/issue/{issue.id}"
        wanted = [_marks.key_label(draft.key), *_marks.labels(draft)]
        stale = [one for one in _marks.SEVERITIES.values() if one not in wanted]
        labels = [{"add": one} for one in wanted] + [{"remove": one} for one in stale]
        body = {"fields": self._content(draft), "update": {"labels": labels}}
        caller.ask("PUT", path, body=body)
        is_closed = issue.fields.status.state is TicketState.CLOSED
        if draft.closed != is_closed:
            self._move(issue, draft.closed, caller)
        if draft.comment:
            caller.ask("POST", f"{path}/comment", body={"body": self._dialect.text(draft.comment)})
        now = self._issue(ref, caller) or issue
        return now.ref(self._site(channel))

    def state(self, ref: TicketRef, channel: Channel, post: Post) -> TicketRef:
        issue = self._issue(ref, self._caller(channel, post))
        if issue is None:
            return TicketRef(ref.id, ref.url, TicketState.GONE)
        return issue.ref(self._site(channel))

    def _content(self, draft: Draft) -> dict[str, object]:
        return {
            "summary": one_line(draft.title, _TITLE),
            "description": self._dialect.text(draft.body),
        }

    def _issue(self, ref: TicketRef, caller: Caller) -> _Issue | None:
        """The issue as it is, None when there is none any more. Raises UserError when it is the
        project that cannot be seen."""
        path = f"/issue/{quote(ref.id, safe='')}"
        reply = caller.ask("GET", path, params={"fields": "status"}, expects=NOWHERE)
        if reply.status in NOWHERE:
            caller.ask("GET", f"/project/{caller.where}")
            return None
        return reply.read(_Issue)

    def _move(self, issue: _Issue, to_done: bool, caller: Caller) -> None:
        """Takes the step of the workflow that ends at what is wanted: names of steps and of
        states are each project's own, categories are Jira's."""
        path = f"/issue/{issue.id}/transitions"
        reply = caller.ask("GET", path, params={"expand": "transitions.fields"})
        steps = [one for one in reply.read(_Transitions).transitions if one.isAvailable]
        wanted = ("done",) if to_done else ("new", "indeterminate")
        fit = [one for one in steps if one.to.statusCategory.key in wanted]
        if not fit:
            said = issue.fields.status.name
            raise UserError(
                T("the workflow of {ticket} has no step from {state} that closes it",
                  ticket=issue.key, state=said)
                if to_done
                else T("the workflow of {ticket} has no step from {state} that reopens it",
                       ticket=issue.key, state=said),
                T("Add one there, or let the token take it."),
            )  # fmt: skip
        step = min(fit, key=lambda one: (wanted.index(one.to.statusCategory.key), len(one.wants())))
        body: dict[str, object] = {"transition": {"id": step.id}}
        given = {
            name: {"id": asked.allowedValues[0].id}
            for name, asked in step.wants().items()
            if name == "resolution" and asked.allowedValues
        }
        caller.ask("POST", path, body=body | ({"fields": given} if given else {}))

    def _site(self, channel: Channel) -> str:
        return _settings.address(channel, self._url)

    def _caller(self, channel: Channel, post: Post) -> Caller:
        self.check(channel)
        headers, secrets = self._dialect.signed(channel)
        where = _settings.setting(channel, PROJECT)
        address = f"{self._site(channel)}{self._dialect.api}"
        return Caller(self.label, address, where, headers, post, secrets)

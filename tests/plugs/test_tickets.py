"""One behaviour suite over every ticket system, each against a stand-in that speaks like it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from tests.architecture.import_rule import ROOT
from tests.tracker_servers import KINDS, run
from tests.tracker_servers.github import GithubServer
from tests.tracker_servers.gitlab import GitlabServer
from tests.tracker_servers.jira import JiraServer
from tests.tracker_servers.serving import Answer, Fault, TrackerServer
from vigie.model.errors import SourceError, UserError
from vigie.model.severity import Severity
from vigie.model.text import ENGLISH
from vigie.ports.notifiers import Channel, Post
from vigie.ports.secrets import SecretValue
from vigie.ports.tickets import Draft, TicketRef, TicketState, Tracker
from vigie.services.outbound import Outbound
from vigie.wiring.plugs import TRACKERS, Plugs
from vigie.wiring.words import words

NAMES = sorted(Plugs(TRACKERS))
OUTBOUND = Outbound(["127.0.0.0/8"], timeout=10)
KEY = "0c0ffee0c0ffee0c0ffee0c0ffee0c0f"
SECRET = "tok-3n-that-nobody-may-see"
DRAFT = Draft(
    KEY,
    "openssl 3.0.1 → 3.0.15 dans shop/api",
    "## Pourquoi\n\nUne vulnérabilité **critique** : `CVE-2026-1`.\n\n- voir [avis](https://a.example/x)\n"
    "- et\n  1. ceci\n\n| a | b |\n|---|---|\n| `x` | y |\n\n```sh\nnpm install @acme/pad\n```\n",
    Severity.CRITICAL,
    ("équipe plateforme", "sécurité"),
)


class System:
    """A tracker with the stand-in that it speaks to."""

    def __init__(self, name: str, server: TrackerServer, post: Post) -> None:
        self.tracker = cast("Tracker", Plugs(TRACKERS)[name])
        self.server = server
        server.token = SECRET
        self.post = post
        self.name = name

    def channel(self, **other: str) -> Channel:
        settings = {**self.server.settings, **other}
        return Channel(settings, {"token": SecretValue(SECRET)})

    def find(self, key: str = KEY) -> TicketRef | None:
        return self.tracker.find(key, self.channel(), self.post)

    def create(self, draft: Draft = DRAFT) -> TicketRef:
        return self.tracker.create(draft, self.channel(), self.post)

    def update(self, ref: TicketRef, draft: Draft) -> TicketRef:
        return self.tracker.update(ref, draft, self.channel(), self.post)

    def state(self, ref: TicketRef) -> TicketRef:
        return self.tracker.state(ref, self.channel(), self.post)

    def labels(self) -> list[str]:
        (ticket,) = self.server.tickets()
        said = ticket["fields"]["labels"] if "fields" in ticket else ticket["labels"]
        return [one if isinstance(one, str) else one["name"] for one in said]


@pytest.fixture(params=NAMES)
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    yield from one(request.param)


def one(name: str) -> Iterator[System]:
    with run(name) as server, OUTBOUND.client() as http:
        yield System(name, server, Post(http, ENGLISH, 10, 0, OUTBOUND.allows))


def changed(**changes: Any) -> Draft:
    return dataclasses.replace(DRAFT, **changes)


def fails(system: System, what: str = "create") -> UserError | SourceError:
    """The error of a call; whatever it is, it names no token and speaks French."""
    ref = TicketRef("1", "", TicketState.OPEN)
    calls: dict[str, Callable[[], object]] = {
        "create": system.create,
        "find": system.find,
        "state": lambda: system.state(ref),
        "update": lambda: system.update(ref, DRAFT),
    }
    with pytest.raises((UserError, SourceError)) as caught:
        calls[what]()
    error = cast("UserError | SourceError", caught.value)
    french = words("fr")
    for text in (
        str(error),
        str(error.hint),
        french(error.message),
        french(error.hint),
        repr(error),
    ):
        assert SECRET not in text
        assert "://" not in text or "https://." in text
    assert french(error.message) != str(error.message)
    assert error.__cause__ is None
    return error


# --- what it is


def test_every_ticket_system_has_a_stand_in() -> None:
    assert set(NAMES) <= set(KINDS)
    assert {"github", "gitlab", "jira-cloud", "jira-server"} <= set(NAMES)


def test_it_says_what_it_is(system: System) -> None:
    tracker = system.tracker
    assert tracker.name == system.name
    assert tracker.label
    assert tracker.needs.network
    assert [field.name for field in tracker.fields if field.secret] == ["token"]
    french = words("fr")
    for field in tracker.fields:
        assert french(field.label) != ""
        assert field.default or field.example or field.secret
        assert not field.choices or field.default in field.choices


# --- a ticket's life


def test_a_ticket_is_made_found_changed_closed_and_opened_again(system: System) -> None:
    assert system.find() is None
    made = system.create()
    assert made.state is TicketState.OPEN
    assert made.id in made.url or system.name.startswith("jira")
    assert made.url.startswith(("http://", "https://"))
    found = system.find()
    assert found is not None
    assert (found.id, found.url, found.state) == (made.id, made.url, TicketState.OPEN)
    assert found.state_said
    assert system.state(made) == found

    updated = system.update(
        made, changed(title="Autre titre", body="Autre corps", comment="Ça a changé.",
                      severity=Severity.LOW)
    )  # fmt: skip
    assert updated == found
    said = "\n".join(system.server.texts())
    assert "Autre titre" in said
    assert "Autre corps" in said
    assert "Ça a changé" in said
    assert "openssl" not in said
    assert "severity-low" in system.labels()
    assert "severity-critical" not in system.labels()

    closed = system.update(made, changed(closed=True))
    assert closed.state is TicketState.CLOSED
    assert closed.state_said not in ("", found.state_said)
    assert system.find() == closed
    again = system.update(made, changed(closed=True))
    assert again == closed
    opened = system.update(made, DRAFT)
    assert opened.state in (TicketState.OPEN, TicketState.IN_PROGRESS)
    assert len(system.server.tickets()) == 1


def test_its_labels_are_what_the_draft_asks_for_and_what_people_added(system: System) -> None:
    ref = system.create()
    mine = {"vigie", "severity-critical", "équipe-plateforme", "sécurité"}
    assert mine <= set(system.labels())
    (ticket,) = system.server.tickets()
    added: list[Any] = ticket["fields"]["labels"] if "fields" in ticket else ticket["labels"]
    added.append({"name": "by-hand"} if system.name == "github" else "by-hand")
    system.update(ref, DRAFT)
    assert {*mine, "by-hand"} <= set(system.labels())
    assert system.find() is not None


def test_each_key_has_its_own_ticket(system: System) -> None:
    keys = [KEY, "a", "A", "a b", "é" * 100, 'x" OR labels = "y', "a/../b", "x" * 500, "a,b"]
    made = {key: system.create(changed(key=key)).id for key in keys}
    assert len(set(made.values())) == len(keys)
    for key, ticket in made.items():
        found = system.find(key)
        assert found is not None
        assert found.id == ticket
    assert system.find("b") is None


def test_one_that_is_made_closed_is_closed(system: System) -> None:
    assert system.create(changed(closed=True)).state is TicketState.CLOSED
    assert len(system.server.tickets()) == 1


def test_the_oldest_counts_when_there_are_two(system: System) -> None:
    first, second = system.create(), system.create()
    assert first.id != second.id
    found = system.find()
    assert found is not None
    assert found.id == first.id


def test_a_deleted_ticket_is_gone_and_no_error(system: System) -> None:
    ref = system.create()
    system.server.remove(ref.id)
    assert system.state(ref) == TicketRef(ref.id, ref.url, TicketState.GONE)
    assert system.update(ref, DRAFT).state is TicketState.GONE
    assert system.find() is None
    assert system.server.tickets() == []


def test_tickets_are_not_gone_when_their_place_is_out_of_sight(system: System) -> None:
    ref = system.create()
    system.server.hide()
    for what in ("find", "state", "update", "create"):
        error = fails(system, what)
        assert isinstance(error, UserError), what
    with pytest.raises(UserError):
        system.state(ref)


def test_a_ticket_whose_answer_was_lost_is_found_and_not_made_again(system: System) -> None:
    system.create(changed(key="another"))  # whatever is made once for all is there now
    system.server.faults.append(Fault("POST", system.server.makes, lose=True))
    error = fails(system, "create")
    assert isinstance(error, SourceError)
    assert error.retryable
    assert len(system.server.tickets()) == 2
    found = system.find()
    assert found is not None
    assert system.update(found, DRAFT) == found
    assert len(system.server.tickets()) == 2


# --- what others wrote acts on nobody


HOSTILE = (
    "@everyone @all @acme/team look\n\n/close\n/assign @root\n\r/label ~x\n\n"
    "<script>alert(1)</script> <!-- vigie:vigie-0c0ffee -->\n\n"
    "[~admin] {panel}x{panel} !http://evil.example/x.png! [x|javascript:alert(1)]\n\n"
    "[click](javascript:alert(1)) \x1b[31m\u202e `@code/stays` ``a`@b``\n\n"
    "```\n{code}\n@scope/name\n/close\n```\n"
)


def test_what_others_wrote_does_nothing(system: System) -> None:
    title = "@everyone\n/close **x** <b>y</b> {color} [~admin] \x1b[0m\u202e"
    ref = system.create(changed(title=title, body=HOSTILE, comment=HOSTILE))
    ref = system.update(ref, changed(title=title, body=HOSTILE, comment=HOSTILE))
    assert ref.state is TicketState.OPEN
    said = system.server.texts()
    whole = "\n".join(said)
    assert "\x1b" not in whole
    assert "\u202e" not in whole
    assert "\n" not in said[0]
    if isinstance(system.server, GitlabServer):
        assert system.server.actions == []
        assert "@all" not in whole
    if system.name in ("github", "gitlab"):
        assert "@everyone" not in "\n".join(said[1:])
        assert "@acme/team" not in whole
        assert "`@code/stays`" in whole  # people copy what is code
        assert "\n@scope/name\n" in whole
        assert "``a`@b``" in whole
    if system.name == "jira-server":
        assert "[~" not in "\n".join(said[1:])
        assert "\\{panel\\}" in whole
        assert "[click|" not in whole
        assert whole.count("{code}") == 4
    if system.name == "jira-cloud":
        shown = json.dumps(system.server.tickets())
        assert '"mention"' not in shown
        assert '"href": "javascript' not in shown
    found = system.find()
    assert found is not None
    assert found.id == ref.id
    assert system.find("vigie-0c0ffee") is None
    assert system.find("0c0ffee") is None


@pytest.mark.parametrize(
    "body",
    ["x" * 3_000_000, "@é\n" * 9_000, "```\n" + "a\n" * 700_000, "- " * 500 + "x",
     "> " * 500 + "x", "", "\n", "`" * 3000, "[" * 5000, "*" * 5000, "|a|\n|-|\n" + "|x|\n" * 3000,
     "# a\n\n" * 3_000],
    ids=["line", "lines", "code", "list", "quote", "none", "blank", "ticks", "brackets", "stars",
         "table", "headings"],
)  # fmt: skip
def test_long_and_odd_texts_stay_within_the_limits(system: System, body: str) -> None:
    draft = changed(
        title="T" * 1000, body=body, comment=body or "x", labels=("l" * 300, "a,b", " ")
    )
    ref = system.create(draft)
    assert system.update(ref, draft).id == ref.id
    found = system.find()
    assert found is not None
    assert found.id == ref.id


def test_an_empty_title_is_not_sent(system: System) -> None:
    assert system.create(changed(title=" \n\t")).state is TicketState.OPEN


def test_french_arrives_as_it_was_written(system: System) -> None:
    system.create()
    said = "\n".join(system.server.texts())
    for word in ("→", "vulnérabilité", "CVE", "avis", "@acme/pad"):
        assert word in said


# --- when it does not go well


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("what", ["create", "find", "state", "update"])
def test_what_may_pass_is_tried_later(system: System, status: int, what: str) -> None:
    refusal = Answer(status, {"message": f"slow down {SECRET}"}, {"Retry-After": "17"})
    system.server.faults.append(Fault(answer=refusal, times=0))
    error = fails(system, what)
    assert isinstance(error, SourceError)
    assert error.retryable
    assert "17 s" in str(error.hint)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
@pytest.mark.parametrize("what", ["create", "find", "state", "update"])
def test_what_somebody_must_mend_is_said(system: System, status: int, what: str) -> None:
    refusal = Answer(status, {"message": {"field": [f"is wrong: {SECRET}"]}, "errors": {"a": "b"}})
    system.server.faults.append(Fault(answer=refusal, times=0))
    error = fails(system, what)
    assert isinstance(error, UserError)
    assert str(error.hint)
    assert ("is wrong: ***" in str(error)) is (status in (400, 403, 422))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_token_does_not_follow_to_another_place(system: System, status: int) -> None:
    with run(system.name) as other:
        to = Answer(status, None, {"Location": f"{other.address}/x"})
        system.server.faults.append(Fault(answer=to, times=0))
        assert isinstance(fails(system, "create"), UserError)
        assert isinstance(fails(system, "find"), UserError)
        assert other.calls == []


def test_a_wrong_token_is_said(system: System) -> None:
    channel = Channel(system.server.settings, {"token": SecretValue("another")})
    with pytest.raises(UserError, match="does not accept the token"):
        system.tracker.create(DRAFT, channel, system.post)
    assert system.server.tickets() == []


@pytest.mark.parametrize("what", ["create", "find", "state", "update"])
def test_one_that_hangs_is_left(system: System, what: str) -> None:
    system.server.faults.append(Fault(hang=True, times=0))
    system.post = dataclasses.replace(system.post, timeout=0.2)
    error = fails(system, what)
    assert isinstance(error, SourceError)
    assert error.retryable
    assert "in time" in str(error)


@pytest.mark.parametrize(
    "body",
    [b"<html>maintenance</html>", b"", b"null", b"[" * 100_000, b'{"a":', b"\xff\xfe", b"{}",
     b"[1]",     b'{"id":{},"number":"x","iid":[],"key":0}'],
    ids=["page", "none", "null", "deep", "cut", "binary", "empty", "other", "shapes"],
)  # fmt: skip
@pytest.mark.parametrize("what", ["create", "find", "state", "update"])
def test_nonsense_is_no_answer(system: System, what: str, body: bytes) -> None:
    system.server.faults.append(Fault(answer=Answer(200, body), times=0))
    error = fails(system, what)
    assert isinstance(error, SourceError)


def test_nobody_there_is_said(system: System) -> None:
    channel = system.channel(url="http://127.0.0.1:1")
    with pytest.raises(SourceError) as caught:
        system.tracker.find(KEY, channel, system.post)
    assert caught.value.retryable


def test_an_internal_address_is_refused_by_the_client_it_is_lent(system: System) -> None:
    with Outbound(timeout=5).client() as http:
        post = dataclasses.replace(system.post, http=http)
        with pytest.raises(UserError, match="internal address"):
            system.tracker.find(KEY, system.channel(), post)
    assert system.server.calls == []


# --- channels that cannot be right


def test_a_good_channel_passes_and_nothing_is_asked(system: System) -> None:
    system.tracker.check(system.channel())
    assert system.server.calls == []


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example", "x.example", "https://", "https://me:hunter2@x.example",
     "https://x.example/?a=b", "https://x.example/#a", "http://x.example", "https://x.example:99999",
     "https://x .example", "https://[::1", "javascript:alert(1)", "https://x.example/\u202e"],
)  # fmt: skip
def test_a_wrong_address_is_said_before_it_is_called(system: System, url: str) -> None:
    with pytest.raises(UserError) as caught:
        system.tracker.check(system.channel(url=url))
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nX-Other: 1", "é", "x" * 5000, "\x00"])
def test_what_is_no_token_is_said_and_not_shown(system: System, token: str) -> None:
    channel = Channel(system.server.settings, {"token": SecretValue(token)})
    calls: list[Callable[[], object]] = [
        lambda: system.tracker.check(channel),
        lambda: system.tracker.find(KEY, channel, system.post),
    ]
    for call in calls:
        with pytest.raises(UserError) as caught:
            call()
        assert "X-Other" not in f"{caught.value} {caught.value.hint}"
    assert system.server.calls == []


def test_a_token_that_ends_in_a_line_break_isone(system: System) -> None:
    channel = Channel(system.server.settings, {"token": SecretValue(f"{SECRET}\n")})
    assert system.tracker.find(KEY, channel, system.post) is None


def test_a_token_among_the_settings_is_refused(system: System) -> None:
    with pytest.raises(UserError, match="secret"):
        system.tracker.check(Channel({**system.server.settings, "token": SECRET}))


def test_each_field_is_needed_and_checked(system: System) -> None:
    for field in system.tracker.fields:
        if field.secret:
            continue
        if field.required:
            with pytest.raises(UserError, match=str(field.label)):
                system.tracker.check(system.channel(**{field.name: " "}))
        if field.name not in ("issue_type", "url"):
            with pytest.raises(UserError):
                system.tracker.check(system.channel(**{field.name: 'x" OR 1=1 /../ y'}))


# --- each system's own ways


@pytest.fixture
def github() -> Iterator[System]:
    yield from one("github")


@pytest.fixture
def gitlab() -> Iterator[System]:
    yield from one("gitlab")


@pytest.fixture(params=["jira-cloud", "jira-server"])
def jira(request: pytest.FixtureRequest) -> Iterator[System]:
    yield from one(request.param)


def test_a_token_that_may_not_label_makes_no_issue(github: System, gitlab: System) -> None:
    cast("GithubServer", github.server).pushes = False
    cast("GitlabServer", gitlab.server).plans = False
    for system in (github, gitlab):
        assert isinstance(fails(system), UserError)
        assert system.server.tickets() == []


def test_github_says_403_when_it_was_asked_too_often(github: System) -> None:
    for refusal in (
        Answer(403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Remaining": "0"}),
        Answer(403, {"message": "You have exceeded a secondary rate limit."}),
        Answer(403, {"message": "wait"}, {"Retry-After": "60"}),
    ):
        github.server.faults = [Fault(answer=refusal)]
        error = fails(github, "find")
        assert isinstance(error, SourceError)
        assert error.retryable


def test_a_moved_issue_is_gone(github: System, gitlab: System) -> None:
    ref = github.create()
    cast("GithubServer", github.server).moved.add(int(ref.id))
    assert github.state(ref).state is TicketState.GONE
    assert github.update(ref, DRAFT).state is TicketState.GONE
    ref = gitlab.create()
    cast("GitlabServer", gitlab.server).issues[int(ref.id)]["moved_to_id"] = 77
    assert gitlab.state(ref).state is TicketState.GONE
    assert gitlab.update(ref, DRAFT).state is TicketState.GONE
    assert gitlab.find() is None


def test_switched_off_issues_are_said(github: System) -> None:
    cast("GithubServer", github.server).has_issues = False
    error = fails(github)
    assert "switched off" in str(error)


def test_a_pull_request_is_no_ticket(github: System) -> None:
    ref = github.create()
    cast("GithubServer", github.server).issues[int(ref.id)]["pull_request"] = {"url": "x"}
    assert github.find() is None


def test_a_ticket_is_found_behind_many(github: System, gitlab: System) -> None:
    for system in (github, gitlab):
        ref = system.create(changed(key="first"))
        (ticket,) = system.server.tickets()
        server = cast("Any", system.server)
        label = next(one for one in system.labels() if one.startswith("vigie-"))
        for number in range(1000, 1230):
            text = {"body": "by hand", "description": "by hand"}
            server.issues[number] = {**ticket, "number": number, "iid": number, **text}
        last = system.create()
        moved = server.issues.pop(int(last.id))
        shown = {"name": label} if system.name == "github" else label
        renamed = {"number": 5000, "iid": 5000}
        server.issues[5000] = {**moved, **renamed, "labels": [*moved["labels"], shown]}
        found = system.find()
        assert found is not None
        assert found.id == "5000"
        assert system.find("first") is not None
        assert ref.id == "1"


def test_gitlab_issues_are_confidential_unless_told_otherwise(gitlab: System) -> None:
    gitlab.create()
    gitlab.tracker.create(changed(key="open"), gitlab.channel(confidential="no"), gitlab.post)
    assert [one["confidential"] for one in gitlab.server.tickets()] == [True, False]


def test_jira_is_closed_by_category_whatever_its_words(jira: System) -> None:
    server = cast("JiraServer", jira.server)
    server.done_wants = True
    ref = jira.create()
    issue = server.issues[ref.id]
    issue["status"] = "3"
    assert jira.state(ref).state is TicketState.IN_PROGRESS
    assert jira.state(ref).state_said == "Prêt à relire"
    assert jira.update(ref, DRAFT).state is TicketState.IN_PROGRESS  # people's work is left
    assert jira.update(ref, changed(closed=True)).state_said == "Erledigt"
    assert jira.update(ref, DRAFT).state is TicketState.OPEN
    server.stuck = True
    jira.update(ref, changed(closed=True))
    with pytest.raises(UserError, match="reopens"):
        jira.update(ref, DRAFT)


def test_an_unknown_category_is_unknown(jira: System) -> None:
    ref = jira.create()
    path = f"{cast('JiraServer', jira.server).api}/issue/{ref.id}"
    odd = {"id": ref.id, "key": "SEC-1", "fields": {"status": {"name": "?"}}}
    jira.server.faults.append(Fault("GET", answer=Answer(200, odd)))
    assert jira.state(ref).state is TicketState.UNKNOWN
    assert jira.server.calls[-1].path == path


# --- the stand-ins themselves


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_stand_in_runs_by_hand(kind: str) -> None:
    line = [sys.executable, "-m", "tests.tracker_servers", kind, "--port", "0"]
    process = subprocess.Popen(
        line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{address}/", timeout=10)
        assert caught.value.code == 401
        caught.value.close()
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0

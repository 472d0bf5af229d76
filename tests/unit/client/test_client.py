"""The client against servers that answer, fail, hang up and lie: what is tried again and how it
is told. Over the whole API: tests/integration/api/test_client.py."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.architecture.test_imports import loaded

from vigie.client import (
    Client,
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Outdated,
    Refused,
    TooMany,
    Unreachable,
    Upload,
    key_of,
    server_of,
    shapes,
)
from vigie.client import connection as connecting
from vigie.client.connection import etag, part, query_of
from vigie.client.streams import events_of
from vigie.model.errors import SourceError, UserError

SERVER = "https://vigie.example"
KEY = "vigie_hunter2"
Handler = Callable[[httpx.Request], httpx.Response]


def problem(status: int, **more: Any) -> httpx.Response:
    body = {"type": "urn:vigie:problem:x", "title": "T", "status": status, "detail": "it is so",
            "hint": "do this", "request_id": "r-1", **more}  # fmt: skip
    return httpx.Response(status, content=json.dumps(body))


class Server:
    """Answers one after the other, the last again and again; remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def client(self, **more: Any) -> Client:
        transport = httpx.MockTransport(self)
        return Client(SERVER, KEY, transport=transport, sleep=self.pauses.append, **more)


@pytest.fixture
def opened() -> Iterator[Callable[..., tuple[Server, Client]]]:
    made: list[Client] = []

    def make(*answers: httpx.Response | Exception, **more: Any) -> tuple[Server, Client]:
        server = Server(*answers)
        made.append(server.client(**more))
        return server, made[-1]

    yield make
    for client in made:
        client.close()


JOB = {
    "id": "j", "kind": "import", "state": "queued", "progress": None, "stage": "", "attempts": 0,
    "result": None, "error": None, "subject_kind": "", "subject_id": "", "actor": "Ada",
    "created_at": "2026-03-01T12:00:00Z", "due_at": "2026-03-01T12:00:00Z", "started_at": None,
    "ended_at": None,
}  # fmt: skip


def answer(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(body), headers=headers)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, NotSignedIn), (403, NotAllowed), (404, NotFound), (409, Conflict), (412, Outdated),
     (422, Refused), (429, TooMany)],
)  # fmt: skip
def test_a_problem_is_raised_with_its_words_and_its_hint(
    opened: Any, status: int, kind: type[Refused]
) -> None:
    _, client = opened(problem(status, errors=[{"field": "body.name", "detail": "missing"}]))
    with pytest.raises(kind) as caught:
        client.get_job("j")
    assert isinstance(caught.value, UserError)
    assert str(caught.value) == "it is so: body.name: missing"
    assert str(caught.value.hint) == "do this"
    assert (caught.value.problem.status, caught.value.problem.request_id) == (status, "r-1")


@pytest.mark.parametrize(
    "content", [b"", b"<html>no", b"[]", b'{"status": "x"}', b"\xff", b"{" * 9]
)
@pytest.mark.parametrize("status", [302, 400, 404, 502])
def test_an_answer_that_is_no_problem_document_is_told_by_its_status(
    opened: Any, status: int, content: bytes
) -> None:
    _, client = opened(httpx.Response(status, content=content), attempts=1)
    with pytest.raises((Refused, Unreachable), match=str(status)):
        client.get_job("j")


def test_what_the_server_says_cannot_steer_a_terminal_nor_a_template(opened: Any) -> None:
    _, client = opened(problem(404, detail="\x1b[2J{evil}"))
    with pytest.raises(NotFound) as caught:
        client.get_job("j")
    assert "\x1b" not in str(caught.value)
    assert "{evil}" in str(caught.value)


def test_what_only_reads_is_tried_again_with_longer_pauses(opened: Any) -> None:
    bad = problem(503)
    server, client = opened(bad, httpx.ReadTimeout("slow"), bad, answer(JOB))
    assert client.get_job("j").state == "queued"
    assert len(server.asked) == 4
    assert len(server.pauses) == 3
    assert 0.25 <= server.pauses[0] <= 0.5 and 1 <= server.pauses[2] <= 2


def test_the_server_says_how_long_to_wait(opened: Any) -> None:
    wait = httpx.Response(429, headers={"Retry-After": "7"})
    server, client = opened(wait, answer(JOB))
    client.get_job("j")
    assert server.pauses == [7.0]


def test_nobody_waits_for_an_hour(opened: Any) -> None:
    server, client = opened(httpx.Response(429, headers={"Retry-After": "3600"}))
    with pytest.raises(TooMany):
        client.get_job("j")
    assert (len(server.asked), server.pauses) == (1, [])


def test_attempts_end(opened: Any) -> None:
    server, client = opened(problem(503), attempts=3)
    with pytest.raises(Unreachable) as caught:
        client.get_job("j")
    assert len(server.asked) == 3
    assert isinstance(caught.value, SourceError) and caught.value.retryable


def test_what_creates_is_sent_again_under_the_same_key(opened: Any) -> None:
    scan = {"id": "s", "target": "x", "state": "queued", "summary": None, "options": None,
            "import_id": None, "schedule_id": None, "job_id": "j", "actor": "Ada",
            "created_at": "2026-03-01T12:00:00Z", "ended_at": None}  # fmt: skip
    server, client = opened(httpx.ReadError("cut"), problem(503), answer(scan, 202))
    assert client.create_scan(shapes.NewScan(target="x")).id == "s"
    keys = {request.headers["idempotency-key"] for request in server.asked}
    assert len(server.asked) == 3 and len(keys) == 1 and len(keys.pop()) == 32
    client.create_scan(shapes.NewScan(target="x"), idempotency_key="mine")
    assert server.asked[-1].headers["idempotency-key"] == "mine"


def test_what_may_have_happened_is_not_done_twice(opened: Any) -> None:
    server, client = opened(httpx.ReadError("cut"))
    with pytest.raises(Unreachable):
        client.cancel_job("j")
    assert len(server.asked) == 1
    server, client = opened(httpx.ConnectError("refused"), answer(JOB))
    client.cancel_job("j")  # it never arrived
    assert len(server.asked) == 2


def test_a_deletion_whose_answer_was_lost_has_happened(opened: Any) -> None:
    server, client = opened(httpx.ReadError("cut"), problem(404))
    client.delete_policy("p", if_match=3)
    assert len(server.asked) == 2
    assert server.asked[0].headers["if-match"] == '"3"'
    _, client = opened(problem(404))
    with pytest.raises(NotFound):
        client.delete_policy("p")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"id": 3}', b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_is_none_is_told(opened: Any, body: bytes) -> None:
    _, client = opened(httpx.Response(200, content=body))
    if not body:
        assert client.get_job("j") is None
        return
    with pytest.raises(Unreachable, match="does not understand") as caught:
        client.get_job("j")
    assert not caught.value.retryable


def test_an_answer_without_end_is_refused(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "LARGEST_ANSWER", 10)
    _, client = opened(answer(JOB))
    with pytest.raises(Unreachable, match="too large"):
        client.get_job("j")


def test_the_key_goes_to_the_server_and_nowhere_else(opened: Any) -> None:
    server, client = opened(httpx.Response(302, headers={"Location": "https://evil.example/"}))
    with pytest.raises(Unreachable) as caught:
        client.get_job("j")
    assert [request.url.host for request in server.asked] == ["vigie.example"]
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    for shown in (repr(client), str(client.__dict__), str(caught.value), repr(caught.value)):
        assert KEY not in shown


def test_a_list_is_read_page_by_page(opened: Any) -> None:
    pages = [answer({"items": [{"id": "a"}, {"id": "b"}], "next": "c1", "total": 3}),
             answer({"items": [{"id": "c"}], "next": "", "total": 3})]  # fmt: skip
    server, client = opened(*pages)
    listed = client.every(
        client.list_findings, severity=["critical", "high"], where={"first_seen.ge": "2026-01-01"}
    )
    assert [finding.id for finding in listed] == ["a", "b", "c"]
    first, second = (dict(request.url.params) for request in server.asked)
    assert first == {"severity": "critical,high", "first_seen.ge": "2026-01-01"}
    assert second == {**first, "cursor": "c1"}


def test_a_job_is_waited_for_and_not_for_ever(opened: Any) -> None:
    _, client = opened(answer(JOB), answer({**JOB, "state": "done"}))
    seen: list[str] = []
    job = client.wait_for_job("j", timeout=60, seen=lambda job: seen.append(job.state))
    assert (job.state, seen) == ("done", ["queued", "done"])
    _, client = opened(answer({**JOB, "state": "running"}))
    ticks = iter(range(100))
    with pytest.raises(Unreachable, match="not ended the job after 5 s; it is running"):
        client.wait_for_job("j", timeout=5, clock=lambda: next(ticks))


def test_a_path_is_sent_whole_and_read_for_each_attempt(opened: Any, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_bytes(b'{"results": []}')
    server, client = opened(problem(503), problem(422))
    with pytest.raises(Refused):
        client.create_import(report=Upload(report), asset="shop")
    assert len(server.asked) == 2
    for request in server.asked:
        assert b'filename="r.json"' in request.content
        assert b'{"results": []}' in request.content
        assert b'name="asset"\r\n\r\nshop' in request.content
        assert b'name="owner"' not in request.content
    with pytest.raises(UserError, match=r"gone\.json cannot be read"):
        client.create_import(report=Upload(tmp_path / "gone.json"))


def test_a_download_is_saved_whole_under_a_name_without_a_way(opened: Any, tmp_path: Path) -> None:
    said = 'attachment; filename="../../etc/r.pdf"'
    _, client = opened(httpx.Response(200, content=b"%PDF", headers={
        "Content-Disposition": said, "Content-Type": "application/pdf; x=1"}))  # fmt: skip
    with client.get_report_file("r") as download:
        assert (download.name, download.media_type) == ("r.pdf", "application/pdf")
        assert download.save(tmp_path / "r.pdf").read_bytes() == b"%PDF"
    assert [path.name for path in tmp_path.iterdir()] == ["r.pdf"]


class Broken(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"id: 7\ndata: one\n\n"
        raise httpx.ReadError("cut")


def test_a_download_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, stream=Broken()))
    (tmp_path / "r").write_text("old")
    with (
        Client(SERVER, KEY, transport=transport) as client,
        client.get_report_file("r") as file,
        pytest.raises(Unreachable, match="broke off"),
    ):
        file.save(tmp_path / "r")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_stream_that_breaks_goes_on_after_the_last_event() -> None:
    asked: list[str] = []

    def answered(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("last-event-id", ""))
        if len(asked) < 3:
            return httpx.Response(200, stream=Broken())
        return httpx.Response(200, content=b"event: k\nid: 8\ndata: two\ndata: lines\n\n")

    transport = httpx.MockTransport(answered)
    with Client(SERVER, KEY, transport=transport, sleep=lambda _: None) as client:
        events = list(client.stream_events())
    assert asked == ["", "7", "7"]
    assert [(e.kind, e.data, e.id) for e in events] == [
        ("message", "one", "7"), ("message", "one", "7"), ("k", "two\nlines", "8")
    ]  # fmt: skip


def test_a_stream_of_comments_says_nothing() -> None:
    body = b": still here\n\nretry: 2000\n\nevent: x\n\ndata:\n\n"
    events = list(events_of(httpx.Response(200, stream=httpx.ByteStream(body))))
    assert [(e.kind, e.data) for e in events] == [("message", "")]


@pytest.mark.parametrize(
    ("given", "address"),
    [("https://v.example/", "https://v.example"), (" https://v.example:8443/x/ ",
      "https://v.example:8443/x"), ("http://localhost:8080", "http://localhost:8080"),
     ("http://[::1]:1", "http://[::1]:1"), ("http://127.0.0.9", "http://127.0.0.9")],
)  # fmt: skip
def test_an_address_is_taken_as_it_is_meant(given: str, address: str) -> None:
    assert server_of(given) == address


@pytest.mark.parametrize(
    "given",
    ["", "v.example", "ftp://v.example", "http://v.example", "http://10.0.0.1", "https://",
     "http://localhost.evil.example", "https://a:hunter2@v.example", "https://v.example?x=1",
     "https://v.example:port", "https://[::1", "http://127.0.0.1@evil.example"],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_without_its_password(given: str) -> None:
    with pytest.raises(UserError) as caught:
        server_of(given)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


def test_the_key_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("vigie_file\n")
    assert key_of({"VIGIE_API_KEY": " vigie_a ", "VIGIE_API_KEY_FILE": str(file)}) == "vigie_a"
    assert key_of({"VIGIE_API_KEY_FILE": str(file)}) == "vigie_file"
    for environ in ({}, {"VIGIE_API_KEY": "two words"}, {"VIGIE_API_KEY": "clé"},
                    {"VIGIE_API_KEY": "a\nX-Evil: b"}, {"VIGIE_API_KEY": "x" * 5000},
                    {"VIGIE_API_KEY_FILE": str(tmp_path / "gone")}):  # fmt: skip
        with pytest.raises(UserError) as caught:
            key_of(environ)
        assert "words" not in str(caught.value) and "Evil" not in str(caught.value)


def test_pieces_of_addresses_stay_in_their_place() -> None:
    assert part("a/../b?c#d") == "a%2F..%2Fb%3Fc%23d"
    assert part("..") == "%2E%2E"
    assert [etag(r) for r in (None, 3, '"3"', "*")] == ["", '"3"', '"3"', "*"]
    assert query_of({"a": None, "b": True, "c": [1, 2]}, {"d.ge": 3.5}) == {
        "b": "true", "c": "1,2", "d.ge": "3.5"
    }  # fmt: skip


def test_a_change_sends_only_what_is_given(opened: Any) -> None:
    server, client = opened(problem(404))
    with pytest.raises(NotFound):
        client.change_schedule("s", shapes.ScheduleChange(enabled=False), if_match=2)
    assert json.loads(server.asked[0].content) == {"enabled": False}


def test_an_upload_of_bytes_has_a_name() -> None:
    assert (Upload(b"x").named(), Upload(Path("a/b.json")).named()) == ("report", "b.json")
    assert Upload(b"x").opened() == b"x"
    assert not isinstance(Upload(b"x").opened(), io.IOBase)


def test_the_client_needs_no_server() -> None:
    found = loaded("import vigie.client")
    assert "vigie.client.made.operations" in found
    heavy = {"fastapi", "pydantic", "sqlalchemy", "starlette", "cryptography", "jinja2",
             "vigie.services", "vigie.stores", "vigie.sources", "vigie.faces"}  # fmt: skip
    assert sorted(found & heavy) == []

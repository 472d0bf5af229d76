"""`vigie push`, `vigie scan --push` and `vigie gate --server` against a real server and worker."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.integration.api.world import World, opened
from tests.servers import person
from tests.store_fixtures import Store
from tests.unit.faces.cli.conftest import match

from vigie.client import Client, Download, NotFound, NotSignedIn, shapes
from vigie.faces.cli.main import run
from vigie.model.access import scope_permissions
from vigie.services.imports import run_import
from vigie.services.reporting import run_report
from vigie.services.worker import Worker
from vigie.wiring.secrets import secrets_of
from vigie.wiring.words import words

BLOCKING = "name: ours\nblock:\n  - name: severe\n    severity: high\n"
LENIENT = "name: lenient\nblock: []\n"


@dataclass
class Called:
    code: int
    out: str
    err: str


@dataclass
class Place:
    world: World
    key: str
    url: str
    call: Callable[..., Called]


@pytest.fixture
def place(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Iterator[Place]:
    monkeypatch.chdir(tmp_path)
    # The server's log would stand in the middle of what the command says.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    clock: Any = lambda: datetime.now(UTC)  # noqa: E731
    given = {"words": words, "clock": clock, "secrets": secrets_of(tmp_path / "sealed", {})}
    with opened(store, tmp_path / "platform", **given) as world:
        somebody = person(world.tenant, permissions=scope_permissions(["ci", "read"]))
        key = world.badges.of(somebody)["Authorization"].removeprefix("Bearer ")
        url = str(world.client.base_url).rstrip("/")

        def call(*arguments: object, **environ: str) -> Called:
            base = {"LANG": "en_GB.UTF-8", "HOME": str(tmp_path), "VIGIE_API_KEY": key,
                    "VIGIE_SERVER": url, "VIGIE_DATA": str(tmp_path / "data")}  # fmt: skip
            code = run([str(one) for one in arguments], {**base, **environ})
            out, err = capsys.readouterr()
            return Called(code, out, err)

        yield Place(world, key, url, call)
    structlog.reset_defaults()


@pytest.fixture
def working(place: Place) -> Iterator[None]:
    """A worker that takes in what comes, until the test ends."""
    stop = threading.Event()
    worker = Worker(place.world.place, {"import": run_import, "report": run_report})

    def work() -> None:
        while not stop.is_set():
            if not worker.step(0.0):
                stop.wait(0.02)

    thread = threading.Thread(target=work, name="worker of a test")
    thread.start()
    yield
    stop.set()
    thread.join(30)


def grype(path: Path, *matches: dict[str, object]) -> Path:
    document = {
        "matches": list(matches),
        "source": {"type": "image", "target": {"userInput": "shop:1"}},
        "descriptor": {"name": "grype", "version": "0.90.0"},
    }
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return grype(tmp_path / "grype.json", match("left", "CVE-2024-1001", "High", "1.2"))


def policy(place: Place, source: str) -> None:
    made = place.world.ask("POST", "/policies", json={"source": source, "is_default": True})
    assert made.status_code == 201, made.text


@pytest.mark.usefixtures("working")
def test_reports_and_results_are_sent_and_taken_in(place: Place, report: Path) -> None:
    done = place.call("push", report, "--wait", "--label", "team=web", "--owner", "payments")
    assert done.code == 0, done.err
    assert "done  grype.json" in done.out
    assert "grype.json is taken in: 1 new" in done.err
    (asset,) = place.world.ask("GET", "/assets").json()["items"]
    assert (asset["owner"], asset["labels"]) == ("payments", {"team": "web"})
    assert place.call("merge", report, "--format", "json=result.json").code == 0
    again = place.call("push", "result.json", "--wait")
    assert again.code == 0, again.err
    assert "0 new" in again.err
    assert {i["origin"] for i in place.world.ask("GET", "/imports").json()["items"]} == {"push"}


def test_what_is_sent_is_kept_before_anybody_works_on_it(place: Place, report: Path) -> None:
    done = place.call("push", report)
    assert (done.code, "queued  grype.json" in done.out) == (0, True)
    late = place.call("push", report, "--wait", "--patience", "0.3")
    assert late.code == 3
    assert "has not ended the job" in late.err


@pytest.mark.usefixtures("working")
def test_the_policy_of_the_server_decides(place: Place, report: Path) -> None:
    policy(place, BLOCKING)
    no = place.call("gate", report, "--server", place.url)
    assert no.code == 1, no.err
    assert no.out.startswith("✗ ours, version 1: no, it may not ship")
    assert "CVE-2024-1001 in left is blocked by severe" in no.out
    assert "→ Upgrade left to 1.2" in no.out
    policy(place, LENIENT)
    yes = place.call("gate", report, "--server")
    assert (yes.code, yes.out) == (0, "✓ lenient, version 1: yes, it may ship\n"), yes.err
    named = place.call("gate", report, "--policy", "ours", "--server")
    assert named.code == 1
    french = place.call("gate", report, "--policy", "ours", "--server", "--lang", "fr")
    assert "est bloqué par severe" in french.out
    assert french.out.startswith("✗ ours, version 1\xa0: non")
    ready_made = place.call("gate", report, "--policy", "strict", "--server")
    assert ready_made.out.startswith("✗ strict: no, it may not ship")
    assert place.call("gate", report, "--policy", "nope", "--server").code == 2


@pytest.mark.usefixtures("working")
def test_several_reports_and_targets_are_judged_together(
    place: Place, report: Path, tmp_path: Path
) -> None:
    policy(place, BLOCKING)
    other = grype(tmp_path / "other.json", match("right", "CVE-2024-1002", "Low", ""))
    done = place.call("gate", other, report, "--server")
    assert done.code == 1, done.err
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "requirements.txt").write_text("six==1.16.0\n")
    scanned = place.call("gate", folder, "--with", "embedded", "--offline", "--server")
    assert scanned.code == 3  # no advisories are here, so nobody looked at everything


@pytest.mark.usefixtures("working")
def test_a_report_that_cannot_be_taken_in_is_never_a_yes(place: Place, tmp_path: Path) -> None:
    policy(place, LENIENT)
    broken = tmp_path / "broken.json"
    broken.write_text('{"matches": [')
    done = place.call("gate", broken, "--server", "--patience", "20")
    assert done.code == 3, (done.out, done.err)
    assert "yes" not in done.out
    assert place.call("push", broken, "--patience", "20").code == 3


def test_a_server_that_is_not_there_is_never_a_yes(
    place: Place, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vigie.client.connection._FIRST_PAUSE", 0.001)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
    done = place.call("gate", report, "--server", gone)
    assert done.code == 3
    assert "cannot be reached" in done.err
    assert place.call("scan", ".", "--with", "embedded", "--offline", "--push",
                      VIGIE_SERVER=gone).code == 3  # fmt: skip


@pytest.mark.parametrize("environ", [{"VIGIE_API_KEY": "wrong"}, {"VIGIE_API_KEY": ""},
                                     {"VIGIE_SERVER": "http://vigie.example"},
                                     {"VIGIE_SERVER": ""}], ids=str)  # fmt: skip
def test_wrong_use_is_told_and_the_key_is_not(
    place: Place, report: Path, environ: dict[str, str]
) -> None:
    for arguments in (
        ("push", report),
        ("gate", report, "--server"),
        ("scan", "grype.json", "--with", "embedded", "--offline", "--push"),
    ):
        done = place.call(*arguments, **environ)
        assert done.code == 2, done
        assert "error: " in done.err and "Traceback" not in done.err
        assert place.key not in done.out + done.err
    assert place.world.ask("GET", "/imports").json()["total"] == 0


@pytest.mark.parametrize(
    "arguments",
    [("gate", "grype.json", "--asset", "x"), ("scan", ".", "--server", "https://v.example"),
     ("gate", "grype.json", "--kev", "k.json", "--server"), ("push", "gone.json"), ("push", ".")],
    ids=str,
)  # fmt: skip
@pytest.mark.usefixtures("report")
def test_what_would_be_passed_over_is_refused(place: Place, arguments: tuple[str, ...]) -> None:
    assert place.call(*arguments).code == 2
    assert place.world.ask("GET", "/imports").json()["total"] == 0


@pytest.mark.usefixtures("working")
def test_a_scan_is_sent_with_its_own_answer(place: Place, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six==1.16.0\n")
    done = place.call("scan", ".", "--with", "embedded", "--offline", "--push", "--patience", "60")
    assert done.code == 3, done.err  # as without --push: no advisories are here
    assert "result.json is taken in" in done.err
    assert [i["name"] for i in place.world.ask("GET", "/imports").json()["items"]] == [
        "result.json"
    ]


@pytest.mark.usefixtures("working")
def test_the_client_speaks_to_the_whole_of_it(place: Place, report: Path, tmp_path: Path) -> None:
    place.call("push", report, "--wait")
    with Client(place.url, place.key) as client:
        found = list(client.every(client.list_findings, severity="high", limit=1))
        assert [finding.rule.name for finding in found if finding.rule] == ["CVE-2024-1001"]
        assert list(client.every(client.list_findings, where={"severity.not": "high"})) == []
        detail = client.get_finding(str(found[0].id))
        assert detail.revision and client.explain_finding(str(detail.id)).evidence
        assert client.list_imports(fields="id,state").items[0].name is None
        with client.export_findings(format="csv") as export:
            assert b"CVE-2024-1001" in b"".join(export.pieces())
        job = client.list_jobs().items[0]
        assert [e.kind for e in client.stream_job(str(job.id))] == ["job"]
        with pytest.raises(NotFound) as caught:
            client.get_asset("nope")
        assert caught.value.problem.request_id
    somebody = person(place.world.tenant)
    badge = place.world.badges.of(somebody)["Authorization"].removeprefix("Bearer ")
    with Client(place.url, badge) as client:
        wish = shapes.NewReport(title="x", format="csv")
        made = client.create_report(wish, idempotency_key="once")
        assert client.create_report(wish, idempotency_key="once").id == made.id
        assert client.wait_for_job(str(made.job_id), timeout=30).state == "done"
        with client.get_report_file(made.id) as file:
            assert isinstance(file, Download)
            assert b"CVE-2024-1001" in file.save(tmp_path / "x.csv").read_bytes()
        client.delete_report(made.id)
    with Client(place.url, "nobody") as client, pytest.raises(NotSignedIn):
        client.list_findings()

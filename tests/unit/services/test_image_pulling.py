"""Images that the platform fetches: by which way, and as whom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.platforms import Absent, platform
from tests.plugs import registry_server
from tests.plugs.image_samples import OCI, SampleImage, file, sha, tar_of
from tests.store_fixtures import Store
from tests.unit.services.recording.world import world
from tests.unit.services.telling.telling_made import KnownSecrets

from vigie.model.assets import AssetKind
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.ports.queues import WorkItem
from vigie.ports.scanners import Target
from vigie.ports.secrets import SecretInfo, SecretRef
from vigie.services import jobs, scanning
from vigie.services.image_pulling import login, pulled
from vigie.services.outbound import Outbound
from vigie.services.platform import Platform
from vigie.services.progress import Progress
from vigie.services.scan_targets import ScanRules
from vigie.services.secrets import Secrets
from vigie.services.submissions import submit_scan
from vigie.sources.filesystems.images import open_image
from vigie.sources.filesystems.registry.credentials import Credentials

ACME, OTHER = "acme", "other"
SAMPLE = SampleImage((tar_of([file("a", "a")]),))
MANIFEST, BLOBS = SAMPLE.blobs("gzip")
Reply = tuple[int, dict[str, str], bytes]


class Kept(KnownSecrets):
    """A backend that says as well what there is."""

    def versions(self, ref: SecretRef) -> tuple[SecretInfo, ...]:
        known = (ref.tenant, ref.name) in self.values
        return (SecretInfo(ref.name, ref.tenant, 1),) if known else ()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def made(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nobody"))
    database: Any = Absent("database")
    backend: Any = kept
    return platform(database, tmp_path / "data", secrets=Secrets([backend]))


def pull(made: Platform, name: str, folder: Path, **options: Any) -> Target:
    given: dict[str, Any] = {
        "machine_login": False, "offline": False, "timeout": 20.0, "still": lambda: None, **options
    }  # fmt: skip
    return pulled(made, ACME, Target(AssetKind.IMAGE, name), folder, **given)


@contextmanager
def serving(reply: Callable[[str, str], Reply]) -> Iterator[str]:
    """A registry without encryption: `reply` is given path and Authorization."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = reply(self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def blob(path: str) -> Reply:
    data = {**BLOBS, "1": MANIFEST, sha(MANIFEST): MANIFEST}.get(path.rpartition("/")[2], b"")
    return 200, {"Content-Type": f"{OCI}.manifest.v1+json"}, data


def allowing(made: Platform, *places: str) -> Platform:
    return replace(made, outbound=Outbound(places))


def test_an_image_is_fetched_where_it_may_be_called(made: Platform, tmp_path: Path) -> None:
    with serving(lambda path, _: blob(path)) as host:
        with pytest.raises(UserError, match="internal address"):
            pull(made, f"{host}/app:1", tmp_path)
        assert not (tmp_path / "image.tar").exists()
        got = pull(allowing(made, host), f"{host}/app:1", tmp_path)
    assert got.path is not None
    assert got.asset is not None
    assert got.asset.name == f"{host}/app:1"
    assert f"manifest:{sha(MANIFEST)}" in got.asset.digests
    with open_image(got.path, tmp_path) as image:
        assert [entry.path for entry in image.entries()] == ["a"]


@pytest.mark.parametrize("way", ["token", "redirect"])
def test_a_registry_cannot_lead_inside(made: Platform, tmp_path: Path, way: str) -> None:
    asked: list[str] = []

    def inside(path: str, _authorization: str) -> Reply:
        asked.append(path)
        return 200, {}, b'{"token":"t"}'

    with serving(inside) as within:

        def reply(path: str, _authorization: str) -> Reply:
            if path == "/v2/":
                return 200, {}, b""
            if way == "token":
                realm = f'Bearer realm="http://{within}/latest/meta-data"'
                return 401, {"WWW-Authenticate": realm}, b""
            return 307, {"Location": f"http://{within}/latest/meta-data"}, b""

        with serving(reply) as host, pytest.raises(UserError, match="internal address"):
            pull(allowing(made, host), f"{host}/app:1", tmp_path)
    assert asked == []


def test_the_tenant_s_secret_of_that_registry_is_the_login(
    made: Platform, kept: Kept, tmp_path: Path
) -> None:
    seen: set[str] = set()

    def reply(path: str, authorization: str) -> Reply:
        seen.add(authorization)
        if not authorization and path != "/v2/":
            return 401, {"WWW-Authenticate": "Basic"}, b""
        return blob(path)

    with serving(reply) as host:
        kept.values[OTHER, f"registry-{host.replace(':', '_')}"] = "x:other"
        with pytest.raises(SourceError, match="does not let us have") as caught:
            pull(allowing(made, host), f"{host}/app:1", tmp_path)
        assert f"registry-{host.replace(':', '_')}" in str(caught.value.hint)
        kept.values[ACME, f"registry-{host.replace(':', '_')}"] = "u:p"
        pull(allowing(made, host), f"{host}/app:1", tmp_path)
    assert seen == {"", "Basic dTpw"}


def test_this_machine_s_login_serves_nobody_unless_it_was_allowed(
    made: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept
) -> None:
    folder = registry_server.login(tmp_path / "docker", "r.example", "machine", "word")
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    assert login(made, ACME, "r.example", machine_login=False).basic == ""
    machine = login(made, ACME, "r.example", machine_login=True)
    assert machine == Credentials("machine", "word")
    kept.values[ACME, "registry-r.example"] = "<token>:identity"
    assert login(made, ACME, "R.example", machine_login=True) == Credentials(identity="identity")
    assert login(made, OTHER, "r.example", machine_login=False).basic == ""


@pytest.mark.parametrize("value", ["password", ":p", ""])
def test_a_secret_that_is_no_login_is_not_repeated(made: Platform, kept: Kept, value: str) -> None:
    kept.values[ACME, "registry-r.example"] = value
    with pytest.raises(UserError, match="no login of a registry") as caught:
        login(made, ACME, "r.example", machine_login=False)
    assert not value or value not in f"{caught.value.message} {caught.value.hint}".replace(
        "USER:PASSWORD", ""
    )


def test_offline_nothing_is_fetched_and_what_is_here_stays(made: Platform, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the network is not to be used"):
        pull(made, "shop:1", tmp_path, offline=True)
    folder = Target(AssetKind.REPOSITORY, str(tmp_path), tmp_path)
    given: dict[str, Any] = {"machine_login": False, "offline": True, "timeout": 1.0}
    assert pulled(made, ACME, folder, tmp_path, still=lambda: None, **given) is folder


def test_scanners_are_given_the_archive_and_no_registry(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Target, bool]] = []

    def scanned(targets: list[Target], *_: Any, **__: Any) -> list[Any]:
        [target] = targets
        seen.append((target, target.path is not None and target.path.is_file()))
        raise UserError(T("{why}", why="enough"))

    monkeypatch.setattr(scanning, "scan", scanned)
    made = world(store, tmp_path)
    with serving(lambda path, _: blob(path)) as host:
        parts = {name: getattr(made.platform, name) for name in Platform.__slots__}
        kept: Any = Kept()
        parts |= {"outbound": Outbound([host]), "secrets": Secrets([kept])}
        here = Platform(**parts)
        with here.database.begin(made.person.scope) as work:
            row = submit_scan(work, here, made.person, f"{host}/app:1", options={})
        job = jobs.claim(here, WorkItem("scan", made.caller.tenant, row["job_id"]))
        assert job is not None
        with pytest.raises(UserError, match="enough"):
            scanning.run_scan(here, job, Progress(), ScanRules())
    [(target, was_there)] = seen
    assert was_there and target.path is not None and not target.path.exists()
    assert target.asset is not None
    assert (target.kind, target.asset.name) == (AssetKind.IMAGE, f"{host}/app:1")

"""Images scanned with Clair, as a person does it, and what stops when a scan is stopped.

With a stand-in always. With a real one where `VIGIE_TEST_CLAIR` is its address (on this machine)
and `VIGIE_TEST_CLAIR_PSK` its key; Clair 4.9.0 has passed.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import referencing
from tests.clair_server import KEY, Answer, ClairServer, clair_server
from tests.plugs import registry_server
from tests.plugs.image_samples import (
    OCI,
    SampleImage,
    file,
    sha,
    tar_of,
    write_folder,
    write_tar,
    write_tgz,
)

from vigie.model.runs import Outcome, ProblemCode, Run
from vigie.services.clair import clair_options, look
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.intake import Reading
from vigie.services.scan import ScanOptions, resolve_target, scan
from vigie.wiring.plugs import REPORTS, SCANNERS, Plugs

APK = "P:apk-tools\nV:2.10.4-r2\no:apk-tools\n\nP:musl\nV:1.1.22-r3\no:musl\n"
RELEASE = 'ID=alpine\nNAME="Alpine Linux"\nVERSION_ID=3.10.4\nPRETTY_NAME="Alpine Linux v3.10"\n'
LAYERS = (
    tar_of([file("etc/os-release", RELEASE), file("etc/alpine-release", "3.10.4\n")]),
    tar_of([file("lib/apk/db/installed", APK)]),
)
SAMPLE = SampleImage(LAYERS)
KIND = f"{OCI}.manifest.v1+json"
NOW = datetime.now(UTC).isoformat(timespec="seconds")
FORMS: dict[str, Callable[[Path], Path]] = {
    "docker archive": lambda d: write_tar(d / "a.tar", SAMPLE.saved()),
    "docker archive, gzipped": lambda d: write_tgz(d / "a.tar.gz", SAMPLE.saved()),
    "OCI folder, plain": lambda d: write_folder(d / "a", SAMPLE.layout("plain")),
    "OCI archive, gzip": lambda d: write_tar(d / "a.tar", SAMPLE.layout("gzip")),
    "OCI archive, zstd": lambda d: write_tar(d / "a.tar", SAMPLE.layout("zstd")),
}
real = pytest.param(
    "real",
    marks=pytest.mark.skipif(
        not os.environ.get("VIGIE_TEST_CLAIR"), reason="no real Clair (VIGIE_TEST_CLAIR)"
    ),
)

TODAY = datetime.now(UTC).date().isoformat()  # advisories of today are fresh


@pytest.fixture(params=["stand-in", real])
def address(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Clair's address; its key is in the environment."""
    if request.param == "real":
        monkeypatch.setenv("CLAIR_PSK", os.environ["VIGIE_TEST_CLAIR_PSK"])
        yield os.environ["VIGIE_TEST_CLAIR"]
        return
    monkeypatch.setenv("CLAIR_PSK", KEY)
    with clair_server() as server:
        yield server.address


@pytest.fixture
def clair(monkeypatch: pytest.MonkeyPatch) -> Iterator[ClairServer]:
    monkeypatch.setenv("CLAIR_PSK", KEY)
    with clair_server(vulnerable={"apk-tools": ("CVE-2021-36159", "2.10.7-r0")}) as server:
        server.updates["alpine"] = [{"updater": "alpine", "date": NOW}]
        yield server


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_tar(tmp_path / "shop.tar", SAMPLE.saved())


def scanned(
    target: str | Path,
    settings: dict[str, str],
    names: Sequence[str] = ("clair",),
    stop: threading.Event | None = None,
) -> list[Reading]:
    options = ScanOptions(wanted=tuple(names), offline=True, settings={"clair": settings})
    return scan([resolve_target(str(target))], Plugs(SCANNERS), Plugs(REPORTS), options, stop=stop)


def one(target: str | Path, address: str, **more: str) -> Run:
    (reading,) = scanned(target, {"url": address, **more})
    return reading.run


def packages(target: str | Path, address: str, folder: Path) -> set[str]:
    options = clair_options(address, key=os.environ["CLAIR_PSK"])
    seen = look(resolve_target(str(target)), options, folder, pause=0.01)
    assert seen is not None
    return {f"{p['name']} {p['version']}" for p in json.loads(seen.report)["packages"].values()}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_an_image_is_read_by_clair(form: str, address: str, tmp_path: Path) -> None:
    found = packages(FORMS[form](tmp_path), address, tmp_path)
    assert found == {"apk-tools 2.10.4-r2", "musl 1.1.22-r3"}


@pytest.mark.corpus
def test_an_alpine_of_the_wild(address: str, tmp_path: Path, corpus: Path) -> None:
    found = packages(corpus / "images" / "alpine-310.docker.tar.gz", address, tmp_path)
    assert len(found) == 14
    assert {"apk-tools 2.10.4-r2", "libc-utils 0.7.1-r0"} <= found


def test_a_wrong_issuer_and_a_wrong_key_are_told_apart_from_silence(
    address: str, archive: Path
) -> None:
    run = one(archive, address, issuer="somebody")
    assert run.outcome is Outcome.FAILED
    (problem,) = run.problems
    assert problem.message.template == "Clair at {url} does not let us in (HTTP {status})"
    run = one(archive, address, psk="YW5vdGhlciBrZXk=")
    assert run.outcome is Outcome.FAILED
    assert "issuer (clairctl)" in str(run.problems[0].hint)
    run = one(archive, "http://127.0.0.1:9")
    assert "does not answer" in str(run.problems[0].message)


def test_layers_out_of_reach_are_said(address: str, tmp_path: Path) -> None:
    fresh = SampleImage((tar_of([file("only", os.urandom(8).hex())]),))
    archive = write_tar(tmp_path / "fresh.tar", fresh.saved())
    run = one(archive, address, serve="127.0.0.1", reach="http://127.0.0.1:9")
    assert run.outcome is Outcome.FAILED
    (problem,) = run.problems
    assert "could not index" in str(problem.message) and "refused" in str(problem.message)
    assert "serve and reach" in str(problem.hint)


@pytest.mark.skipif(
    registry_server.PROGRAM is None or registry_server.HTPASSWD is None,
    reason="needs docker-registry and htpasswd (requirements/system.sh)",
)
def test_clair_pulls_from_a_registry_with_our_authorisation(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = registry_server.htpasswd(tmp_path / "users", "u", "p")
    login = {"Authorization": "Basic dTpw"}
    image = SampleImage((LAYERS[0], tar_of([file("lib/apk/db/installed", APK),
                                            file("x", os.urandom(8).hex())])))  # fmt: skip
    manifest, blobs = image.blobs("gzip")
    blobs.pop(sha(manifest))
    with registry_server.registry(tmp_path / "registry", settings) as host:
        registry_server.push(host, "team/shop", blobs, {"1": (KIND, manifest)}, login)
        config = registry_server.login(tmp_path / "docker", host, "u", "p")
        monkeypatch.setenv("DOCKER_CONFIG", str(config))
        found = packages(f"{host}/team/shop:1", address, tmp_path)
    assert found == {"apk-tools 2.10.4-r2", "musl 1.1.22-r3"}


# -- with the stand-in alone


def test_its_findings_are_about_the_image_that_others_look_at(
    clair: ClairServer, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))
    readings = scanned(archive, {"url": clair.address}, ("clair", "embedded"))
    result = conclude(readings, ConcludeOptions("2026-01-01T00:00:00Z"))
    assert len(result.assets) == 1
    (finding,) = result.findings
    assert finding.rule.id == "CVE-2021-36159"
    run = readings[0].run
    assert (run.outcome, run.problems, run.observations) == (Outcome.COMPLETE, (), 1)
    assert run.database_date == NOW


def test_one_that_hides_its_age_is_partial(clair: ClairServer, archive: Path) -> None:
    clair.instead["/matcher/api/v1/internal"] = Answer(403)
    run = one(archive, clair.address)
    assert (run.outcome, run.observations) == (Outcome.PARTIAL, 1)
    assert [problem.code for problem in run.problems] == [ProblemCode.STALE]


def test_an_old_database_is_said(clair: ClairServer, archive: Path) -> None:
    clair.updates["alpine"][0]["date"] = "2020-01-01T00:00:00Z"
    run = one(archive, clair.address)
    assert run.outcome is Outcome.PARTIAL
    assert "days old" in str(run.problems[0].message)


def test_a_failure_is_said_once(clair: ClairServer, archive: Path) -> None:
    clair.instead["/matcher"] = Answer(200, b"<html>")
    run = one(archive, clair.address)
    assert run.outcome is Outcome.FAILED
    assert len(run.problems) == 1


def test_the_key_is_on_no_command_line_and_in_no_message(
    clair: ClairServer, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAIR_PSK")
    (tmp_path / "key").write_text(f"{KEY}\n")
    clair.hold = threading.Event()
    seen: list[str] = []

    def peek() -> None:
        assert clair.held.wait(60)
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.append(entry.read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
        assert clair.hold is not None
        clair.hold.set()

    for settings in ({"psk": KEY}, {"psk_file": str(tmp_path / "key")}):
        watcher = threading.Thread(target=peek)
        watcher.start()
        run = one(archive, clair.address, **settings)
        watcher.join()
        assert run.observations == 1
        clair.held.clear()
        clair.hold.clear()
    assert any("\0clair\0" in line for line in seen)
    assert not any(KEY in line for line in seen)
    run = one(archive, clair.address, psk="not base64: secret")
    assert "secret" not in f"{run.problems}"


def test_stopping_a_scan_stops_the_server_of_its_layers(clair: ClairServer, archive: Path) -> None:
    clair.hold, stop = threading.Event(), threading.Event()
    places: list[tuple[str, int]] = []

    def watch() -> None:
        assert clair.held.wait(60)
        where = urlsplit(clair.manifests[0]["layers"][0]["uri"])
        assert where.hostname and where.port
        places.append((where.hostname, where.port))
        socket.create_connection(places[0], 5).close()  # it is there
        stop.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    (reading,) = scanned(archive, {"url": clair.address}, stop=stop)
    watcher.join()
    assert [problem.code for problem in reading.run.problems] == [ProblemCode.CANCELLED]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(places[0], 5)


@pytest.mark.corpus
def test_what_we_send_and_what_the_stand_in_answers_fits_clairs_schemas(
    clair: ClairServer, tmp_path: Path, corpus: Path
) -> None:
    files = sorted((corpus / "schemas").glob("clair-*.schema.json"))
    known = {json.loads(f.read_bytes())["$id"]: json.loads(f.read_bytes()) for f in files}
    registry: Any = referencing.Registry().with_resources(
        (name, referencing.Resource.from_contents(schema)) for name, schema in known.items()
    )

    def check(name: str, said: object) -> None:
        schema = known[f"https://clairproject.org/api/http/v1/{name}.schema.json"]
        jsonschema.Draft202012Validator(schema, registry=registry).validate(said)

    ref = {"ref": "1", "fingerprint": "", "kind": "vulnerability"}
    clair.updates["alpine"][0].update(ref)
    for form in ("docker archive", "OCI archive, gzip"):
        clair.slowly = form != "docker archive"
        packages(FORMS[form](tmp_path), clair.address, tmp_path)
    with pytest.raises(jsonschema.ValidationError):
        check("manifest", {"hash": "md5:x", "layers": []})
    for manifest in clair.manifests:
        check("manifest", manifest)
    for name, said in clair.answers:
        check(name, said)
    assert {name for name, _ in clair.answers} == {
        "index_state", "index_report", "vulnerability_report", "update_operations",
    }  # fmt: skip

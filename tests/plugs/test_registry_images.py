"""Images pulled from a real registry, and from one that misbehaves."""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.plugs import registry_server
from tests.plugs.image_samples import (
    DOCKER,
    OCI,
    SampleImage,
    described,
    file,
    index_of,
    platform,
    sha,
    tar_of,
)
from vigie.model.errors import SourceError, UserError
from vigie.model.identity import layers_digest
from vigie.model.text import Text
from vigie.sources.filesystems.images import Image, ImageLimits, open_image

needs_registry = pytest.mark.skipif(
    registry_server.PROGRAM is None or registry_server.HTPASSWD is None,
    reason="needs docker-registry and htpasswd (requirements/system.sh)",
)
LOW = random.Random(5).randbytes(300_000)
LAYERS = (tar_of([file("low", LOW)]), tar_of([file("up", "u")]))
SAMPLE = SampleImage(LAYERS)
MANIFEST, BLOBS = SAMPLE.blobs("gzip")
PLAIN = {digest: data for digest, data in BLOBS.items() if digest != sha(MANIFEST)}
KIND = f"{OCI}.manifest.v1+json"


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker configuration of our own, empty at first, and no waiting."""
    folder = tmp_path / "docker"
    folder.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return folder


def files_of(image: Image) -> dict[str, bytes]:
    return {entry.path: image.open(entry.path).read() for entry in image.entries()}


# -- a real registry


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry_server.registry(tmp_path_factory.mktemp("registry")) as address:
        registry_server.push(address, "team/shop", PLAIN, {"1": (KIND, MANIFEST)})
        yield address


@needs_registry
def test_an_image_is_who_its_digests_say(host: str, tmp_path: Path) -> None:
    steps: list[str] = []
    told = lambda step: steps.append(str(step))  # noqa: E731
    with open_image(f"{host}/team/shop:1", tmp_path, progress=told) as image:
        assert files_of(image) == {"low": LOW, "up": b"u"}
        assert image.asset.name == f"{host}/team/shop:1"
        assert image.asset.tags == (f"{host}/team/shop:1", f"{host}/team/shop@{sha(MANIFEST)}")
        assert image.asset.digests == {
            f"manifest:{sha(MANIFEST)}",
            f"config:{sha(SAMPLE.config)}",
            layers_digest([sha(layer) for layer in LAYERS]),
        }
        assert list(image.problems) == []
    assert steps[0] == f"asks {host}"
    assert {"downloads 1 MiB", "reads layer 1 of 2", "reads layer 2 of 2"} <= set(steps)


@needs_registry
def test_an_image_is_pulled_by_its_digest(host: str, tmp_path: Path) -> None:
    with open_image(f"{host}/team/shop@{sha(MANIFEST)}", tmp_path) as image:
        assert image.asset.tags == (f"{host}/team/shop@{sha(MANIFEST)}",)
        assert len(image.layers) == 2


@needs_registry
def test_docker_s_own_media_types_and_platforms(host: str, tmp_path: Path) -> None:
    entries = []
    for architecture in ("amd64", "arm64"):
        sample = SampleImage((tar_of([file("for", architecture)]),), (), architecture)
        manifest, blobs = sample.blobs("gzip")
        said = json.loads(manifest) | {"mediaType": f"{DOCKER}.distribution.manifest.v2+json"}
        said["config"]["mediaType"] = f"{DOCKER}.container.image.v1+json"
        said["layers"][0]["mediaType"] = f"{DOCKER}.image.rootfs.diff.tar.gzip"
        data = json.dumps(said).encode()
        blobs.pop(sha(manifest))
        registry_server.push(host, "multi", blobs, {sha(data): (said["mediaType"], data)})
        entries.append(described(data, said["mediaType"]) | platform("linux", architecture))
    kind = f"{DOCKER}.distribution.manifest.list.v2+json"
    index = json.dumps(json.loads(index_of(entries)) | {"mediaType": kind}).encode()
    registry_server.push(host, "multi", {}, {"latest": (kind, index)})
    for asked, architecture in (("linux/amd64", "amd64"), ("linux/arm64", "arm64")):
        with open_image(f"{host}/multi", tmp_path, platform=asked) as image:
            assert image.open("for").read().decode() == architecture
            assert image.platform == asked
            # The index is of both, so it does not say which of them this is.
            assert f"manifest:{sha(index)}" not in image.asset.digests
            assert f"{host}/multi@{sha(index)}" in image.asset.tags
    with pytest.raises(UserError, match="not there for linux/s390x"):
        open_image(f"{host}/multi", tmp_path, platform="linux/s390x")


@needs_registry
@pytest.mark.parametrize("name", ["team/shop:2", "team/none:1", f"team/shop@sha256:{'0' * 64}"])
def test_what_is_not_there_is_said(host: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=f"{host} has no {host}/{name}") as caught:
        open_image(f"{host}/{name}", tmp_path)
    assert not caught.value.retryable
    assert [path.name for path in tmp_path.iterdir()] == ["docker"]


@needs_registry
def test_basic_authentication(tmp_path: Path, config: Path) -> None:
    settings = registry_server.htpasswd(tmp_path / "users", "watch", "keeper")
    with registry_server.registry(tmp_path / "registry", settings) as host:
        name = f"{host}/team/shop:1"
        headers = {"Authorization": "Basic d2F0Y2g6a2VlcGVy"}
        registry_server.push(host, "team/shop", PLAIN, {"1": (KIND, MANIFEST)}, headers)
        with pytest.raises(SourceError, match="does not let us have") as caught:
            open_image(name, tmp_path)
        assert f"docker login {host}" in str(caught.value.hint)
        registry_server.login(config, host, "watch", "wrong")
        with pytest.raises(SourceError, match="does not let us have"):
            open_image(name, tmp_path)
        registry_server.login(config, f"https://{host}/v2/", "watch", "keeper")
        with open_image(name, tmp_path) as image:
            assert len(files_of(image)) == 2


@needs_registry
def test_token_authentication(tmp_path: Path, config: Path) -> None:
    tokens = registry_server.TokenServer(tmp_path)
    with (
        tokens.running() as settings,
        registry_server.registry(tmp_path / "registry", settings) as host,
    ):
        push = {"Authorization": f"Bearer {tokens.token('repository:team/shop:pull,push')}"}
        registry_server.push(host, "team/shop", PLAIN, {"1": (KIND, MANIFEST)}, push)
        name = f"{host}/team/shop:1"
        with pytest.raises(SourceError, match="does not let us have"):
            open_image(name, tmp_path)
        registry_server.login(config, host, tokens.user, tokens.password)
        tokens.seen.clear()
        with open_image(name, tmp_path) as image:
            assert len(files_of(image)) == 2
        # One token for all, asked for what is needed and no more.
        assert [(method, asked["scope"], asked["service"]) for method, _, asked in tokens.seen] == [
            ("GET", ["repository:team/shop:pull"], ["test"])
        ]
        said = {"auths": {host: {"identitytoken": tokens.identity}}}
        (config / "config.json").write_text(json.dumps(said))
        with open_image(name, tmp_path) as image:
            assert len(files_of(image)) == 2
        assert tokens.seen[-1][0] == "POST"
        said = {"auths": {host: {"registrytoken": tokens.token("repository:team/shop:pull")}}}
        (config / "config.json").write_text(json.dumps(said))
        tokens.seen.clear()
        with open_image(name, tmp_path) as image:
            assert len(files_of(image)) == 2
        assert tokens.seen == []


# -- a registry that misbehaves


class Registry(ThreadingHTTPServer):
    """`answers` are called for a path they match before the usual answer is given; they say
    True when they have answered. `seen` are paths with their headers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.blobs = dict(BLOBS)
        self.tags = {"1": MANIFEST}
        self.answers: list[tuple[str, Callable[[_Handler], bool]]] = []
        self.seen: list[tuple[str, dict[str, str]]] = []

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.server_port}/shop:1"

    def on(self, pattern: str, answer: Callable[[_Handler], bool]) -> None:
        self.answers.append((pattern, answer))

    def handle_error(self, *_arguments: object) -> None:
        return  # connections are cut on purpose


class _Handler(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        self.server.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        for pattern, answer in self.server.answers:
            if re.search(pattern, self.path) and answer(self):
                return
        _, _, name = self.path.rpartition("/")
        data = self.server.blobs.get(name, self.server.tags.get(name))
        if self.path == "/v2/":
            self.say(200, b"{}")
        elif data is None:
            self.say(404)
        else:
            start = int((self.headers.get("range") or "bytes=0-")[6:-1])
            more = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
            self.say(206 if start else 200, data[start:], **more)

    def say(self, status: int, data: bytes = b"", **headers: str) -> bool:
        self.send_response(status)
        self.send_header("Content-Length", headers.pop("length", str(len(data))))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)
        return True

    def log_message(self, *_arguments: object) -> None:
        return


@contextmanager
def serving(server: Registry) -> Iterator[Registry]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(Registry()) as server:
        yield server


def large_blob() -> str:
    return str(json.loads(MANIFEST)["layers"][0]["digest"])


def test_a_download_that_is_cut_off_goes_on_where_it_was(
    registry: Registry, tmp_path: Path
) -> None:
    blob = BLOBS[large_blob()]
    third = len(blob) // 3
    cuts = iter([third, third])

    def cut(handler: _Handler) -> bool:
        size = next(cuts, None)
        if size is None:
            return False
        start = int((handler.headers.get("range") or "bytes=0-")[6:-1])
        status = 206 if start else 200
        rest = len(blob) - start
        more = {"Content_Range": f"bytes {start}-{len(blob) - 1}/{len(blob)}"}
        handler.say(status, blob[start : start + size], length=str(rest), **more)
        handler.connection.close()
        return True

    registry.on(large_blob(), cut)
    with open_image(registry.name, tmp_path) as image:
        assert files_of(image)["low"] == LOW
    ranges = [h.get("range") for path, h in registry.seen if path.endswith(large_blob())]
    assert ranges == [None, f"bytes={third}-", f"bytes={2 * third}-"]


def test_a_server_without_ranges_starts_anew(registry: Registry, tmp_path: Path) -> None:
    blob = BLOBS[large_blob()]
    cuts = iter([100])

    def whole(handler: _Handler) -> bool:
        size = next(cuts, None)
        handler.say(200, blob[:size], length=str(len(blob)))
        return True

    registry.on(large_blob(), whole)
    with open_image(registry.name, tmp_path) as image:
        assert files_of(image)["low"] == LOW


def test_a_busy_registry_is_asked_again_after_the_time_it_names(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    answers = iter([(429, "7"), (503, "100000"), (500, "")])

    def busy(handler: _Handler) -> bool:
        status, wait = next(answers, (0, ""))
        return status != 0 and handler.say(status, Retry_After=wait)

    registry.on("manifests/1", busy)
    with open_image(registry.name, tmp_path) as image:
        assert len(files_of(image)) == 2
    assert waits[0] == 7.0
    assert waits[1] == 60.0  # nobody waits longer than that
    assert 1.0 <= waits[2] <= 3.0


def test_a_registry_that_stays_away_is_given_up(registry: Registry, tmp_path: Path) -> None:
    registry.on("manifests/1", lambda handler: handler.say(503))
    with pytest.raises(SourceError, match="does not answer: HTTP status 503") as caught:
        open_image(registry.name, tmp_path)
    assert caught.value.retryable
    assert len([path for path, _ in registry.seen if "manifests" in path]) == 6


def test_nobody_at_that_address(tmp_path: Path) -> None:
    address = f"127.0.0.1:{registry_server.free_port()}"
    with pytest.raises(SourceError, match=f"{address} does not answer") as caught:
        open_image(f"{address}/shop:1", tmp_path)
    assert caught.value.retryable


def test_another_layer_than_the_manifest_names_is_refused(
    registry: Registry, tmp_path: Path
) -> None:
    blob = registry.blobs[large_blob()]
    registry.blobs[large_blob()] = blob[:-1] + bytes([blob[-1] ^ 1])
    with pytest.raises(SourceError, match="gave something else") as caught:
        open_image(registry.name, tmp_path)
    assert not caught.value.retryable
    registry.blobs[large_blob()] = blob + b"more"
    with pytest.raises(SourceError, match="gave something else"):
        open_image(registry.name, tmp_path)


def test_another_manifest_or_configuration_is_refused(registry: Registry, tmp_path: Path) -> None:
    digest = sha(MANIFEST)
    registry.blobs[digest] = MANIFEST + b" "
    with pytest.raises(SourceError, match=f"gave something else than {digest}"):
        open_image(f"127.0.0.1:{registry.server_port}/shop@{digest}", tmp_path)
    registry.blobs[sha(SAMPLE.config)] = SAMPLE.config + b" "
    with pytest.raises(SourceError, match="gave something else"):
        open_image(registry.name, tmp_path)


def test_an_endless_manifest_is_not_read(registry: Registry, tmp_path: Path) -> None:
    registry.tags["1"] = b" " * 9 * 1024**2
    with pytest.raises(UserError, match="too large"):
        open_image(registry.name, tmp_path)


def test_more_than_may_be_downloaded_is_refused_at_once(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="larger than"):
        open_image(registry.name, tmp_path, ImageLimits(download=100))
    assert not any("blobs" in path and large_blob() in path for path, _ in registry.seen)


def test_who_we_are_is_told_to_the_registry_alone(
    registry: Registry, tmp_path: Path, config: Path
) -> None:
    registry_server.login(config, f"127.0.0.1:{registry.server_port}", "watch", "keeper")

    def locked(handler: _Handler) -> bool:
        if handler.headers.get("authorization"):
            return False
        return handler.say(401, WWW_Authenticate='Basic realm="shop"')

    with serving(Registry()) as store:
        where = f"http://localhost:{store.server_port}/v2/shop/blobs/"
        registry.on("^/v2/shop/", locked)
        registry.on(
            "/blobs/",
            lambda handler: handler.say(307, Location=where + handler.path.rpartition("/")[2]),
        )
        with open_image(registry.name, tmp_path) as image:
            assert len(files_of(image)) == 2
        assert len(store.seen) == 3
        assert not any("authorization" in headers for _, headers in store.seen)
    manifest_requests = [h for path, h in registry.seen if "manifests" in path]
    assert "authorization" not in manifest_requests[0]
    assert manifest_requests[1]["authorization"] == "Basic d2F0Y2g6a2VlcGVy"


def test_redirects_without_end_are_given_up(registry: Registry, tmp_path: Path) -> None:
    registry.on("manifests/1", lambda handler: handler.say(302, Location=handler.path))
    with pytest.raises(SourceError, match="without end"):
        open_image(registry.name, tmp_path)


@pytest.mark.parametrize("target", ["ftp://x/y", "file:///etc/passwd", "gopher://x"])
def test_redirects_to_other_protocols_are_refused(
    registry: Registry, tmp_path: Path, target: str
) -> None:
    registry.on("manifests/1", lambda handler: handler.say(302, Location=target))
    with pytest.raises(SourceError, match="without encryption"):
        open_image(registry.name, tmp_path)


def test_a_redirect_to_no_address_is_refused(registry: Registry, tmp_path: Path) -> None:
    registry.on("manifests/1", lambda handler: handler.say(302, Location="http://[x"))
    with pytest.raises(SourceError, match="address that is none"):
        open_image(registry.name, tmp_path)


def test_a_token_server_without_a_token(registry: Registry, tmp_path: Path) -> None:
    realm = f"http://127.0.0.1:{registry.server_port}/token"
    header = f'Bearer realm="{realm}",service="s"'
    registry.on("manifests", lambda handler: handler.say(401, WWW_Authenticate=header))
    for body in (b"{}", b"no", b'{"token": "a\\r\\nb"}', b" " * 2 * 1024**2):
        registry.answers[1:] = [("/token", partial(_Handler.say, status=200, data=body))]
        with pytest.raises(SourceError, match="gave no token"):
            open_image(registry.name, tmp_path)
    assert any("scope=repository%3Ashop%3Apull" in path for path, _ in registry.seen)


def test_a_token_that_has_run_out_is_renewed(registry: Registry, tmp_path: Path) -> None:
    realm = f"http://127.0.0.1:{registry.server_port}/token"
    given: list[str] = []

    def token(handler: _Handler) -> bool:
        given.append(f"t{len(given)}")
        return handler.say(200, json.dumps({"token": given[-1]}).encode())

    def locked(handler: _Handler) -> bool:
        # The first token is good for the manifest alone.
        good = "t0" if "manifests" in handler.path else "t1"
        if handler.headers.get("authorization") == f"Bearer {good}":
            return False
        return handler.say(401, WWW_Authenticate=f'Bearer realm="{realm}"')

    registry.on("^/token", token)
    registry.on("^/v2/shop/", locked)
    with open_image(registry.name, tmp_path) as image:
        assert len(files_of(image)) == 2
    assert given == ["t0", "t1"]


def test_a_schema_1_manifest_is_refused(registry: Registry, tmp_path: Path) -> None:
    registry.tags["1"] = b'{"schemaVersion": 1, "fsLayers": [], "history": []}'
    with pytest.raises(UserError, match="no longer used"):
        open_image(registry.name, tmp_path)


def test_what_is_no_reference_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no image reference"):
        open_image("Not A Name", tmp_path)
    with pytest.raises(UserError, match="no platform"):
        open_image("alpine", tmp_path, platform="amd64")


def test_the_steps_are_sentences(registry: Registry, tmp_path: Path) -> None:
    steps: list[Text] = []
    with open_image(registry.name, tmp_path, progress=steps.append):
        pass
    assert all(isinstance(step, Text) for step in steps)

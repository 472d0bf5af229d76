"""Where a registry keeps layers, and with which authorisation they are had there."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import httpx
import pytest
from tests.plugs import registry_server
from tests.plugs.image_samples import OCI, SampleImage, file, sha, tar_of

from vigie.model.errors import SourceError
from vigie.model.identity import layers_digest
from vigie.sources.filesystems.registry import pull
from vigie.sources.filesystems.registry.client import RegistryClient
from vigie.sources.filesystems.registry.locations import locate_image

SAMPLE = SampleImage((tar_of([file("a", "a")]), tar_of([file("b", "b")])))
MANIFEST, BLOBS = SAMPLE.blobs("gzip")
KIND = f"{OCI}.manifest.v1+json"
needs_registry = pytest.mark.skipif(
    registry_server.PROGRAM is None or registry_server.HTPASSWD is None,
    reason="needs docker-registry and htpasswd (requirements/system.sh)",
)


@needs_registry
def test_layers_of_a_registry_that_wants_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = registry_server.htpasswd(tmp_path / "users", "u", "p")
    basic = {"Authorization": "Basic " + base64.b64encode(b"u:p").decode()}
    with registry_server.registry(tmp_path / "registry", settings) as host:
        blobs = {digest: data for digest, data in BLOBS.items() if data != MANIFEST}
        registry_server.push(host, "team/shop", blobs, {"1": (KIND, MANIFEST)}, basic)
        login = registry_server.login(tmp_path / "docker", host, "u", "p")
        monkeypatch.setenv("DOCKER_CONFIG", str(login))
        image = locate_image(f"{host}/team/shop:1", tmp_path)
        for layer in image.layers:
            got = httpx.get(
                layer.url, headers={"Authorization": layer.authorization}, trust_env=False
            )
            assert sha(got.content) == layer.digest
            assert httpx.get(layer.url, trust_env=False).status_code == 401
    assert image.manifest == sha(MANIFEST)
    assert image.asset.digests == {
        f"manifest:{sha(MANIFEST)}",
        f"config:{sha(SAMPLE.config)}",
        layers_digest([sha(layer) for layer in SAMPLE.layers]),
    }
    assert image.asset.name == f"{host}/team/shop:1"
    assert not list(tmp_path.glob("image-*"))


def registry_of(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every client made from now on asks this function instead of a registry."""

    def made(*arguments: object, **options: object) -> RegistryClient:
        options["http"] = httpx.Client(transport=httpx.MockTransport(answer))  # type: ignore[arg-type]
        return RegistryClient(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pull, "RegistryClient", made)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def test_where_a_redirect_ends_no_token_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, request.headers.get("range", "")))
        if request.url.host == "t.example":
            return httpx.Response(200, json={"token": "short"})
        if request.url.host == "store.example":
            return httpx.Response(206, content=b"x")
        if request.headers.get("authorization") != "Bearer short":
            return httpx.Response(
                401, headers={"www-authenticate": 'Bearer realm="https://t.example/"'}
            )
        digest = request.url.path.rpartition("/")[2]
        if digest == "1":
            return httpx.Response(200, content=MANIFEST)
        if digest == sha(SAMPLE.config):
            return httpx.Response(200, content=SAMPLE.config)
        if digest == json.loads(MANIFEST)["layers"][0]["digest"]:
            return httpx.Response(307, headers={"location": "https://store.example/x?sig=1"})
        return httpx.Response(206, content=b"x")

    registry_of(answer, monkeypatch)
    image = locate_image("r.example/app:1", tmp_path)
    first, second = image.layers
    assert (first.url, first.authorization) == ("https://store.example/x?sig=1", "")
    assert second.url == f"https://r.example/v2/app/blobs/{second.digest}"
    assert second.authorization == "Bearer short"
    assert "short" not in repr(image) and "sig=" not in repr(image)
    # Of the layers one byte was asked for.
    blobs = [span for path, span in asked if path.endswith((first.digest, second.digest, "/x"))]
    assert set(blobs) == {"bytes=0-0"}


def test_a_layer_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        known = {"1": MANIFEST, sha(SAMPLE.config): SAMPLE.config}
        data = known.get(request.url.path.rpartition("/")[2])
        return httpx.Response(404 if data is None else 200, content=data or b"")

    registry_of(answer, monkeypatch)
    with pytest.raises(SourceError, match=r"r\.example has no"):
        locate_image("r.example/app:1", tmp_path)
    assert list(tmp_path.iterdir()) == []

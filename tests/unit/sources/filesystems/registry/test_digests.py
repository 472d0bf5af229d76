"""Which digest a tag has, as a real registry says it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from tests.plugs import registry_server
from tests.plugs.image_samples import OCI, SampleImage, file, sha, tar_of

from vigie.model.errors import SourceError, UserError
from vigie.sources.filesystems.registry.digests import tag_digest

MANIFEST, BLOBS = SampleImage((tar_of([file("a", "a")]),)).blobs("gzip")


@pytest.mark.skipif(
    registry_server.PROGRAM is None or registry_server.HTPASSWD is None,
    reason="needs docker-registry and htpasswd (requirements/system.sh)",
)
def test_the_digest_of_a_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = registry_server.htpasswd(tmp_path / "users", "u", "p")
    basic = {"Authorization": "Basic " + base64.b64encode(b"u:p").decode()}
    with registry_server.registry(tmp_path / "registry", settings) as host:
        blobs = {digest: data for digest, data in BLOBS.items() if data != MANIFEST}
        tags = {"1": (f"{OCI}.manifest.v1+json", MANIFEST)}
        registry_server.push(host, "team/base", blobs, tags, basic)
        login = registry_server.login(tmp_path / "docker", host, "u", "p")
        monkeypatch.setenv("DOCKER_CONFIG", str(login))
        assert tag_digest(f"{host}/team/base:1") == sha(MANIFEST)
        with pytest.raises(SourceError) as error:
            tag_digest(f"{host}/team/base:2")
        assert not error.value.retryable


def test_a_registry_that_nobody_logged_in_to_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with pytest.raises(UserError, match=r"images\.example is not asked"):
        tag_digest("images.example/base:1")

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import UserError
from vigie.sources.filesystems.registry.references import (
    DEFAULT_API,
    DEFAULT_REGISTRY,
    familiar,
    parse_reference,
)

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "registry", "repository", "version"),
    [
        ("alpine", DEFAULT_REGISTRY, "library/alpine", "latest"),
        ("alpine:3.19", DEFAULT_REGISTRY, "library/alpine", "3.19"),
        ("grafana/grafana:11", DEFAULT_REGISTRY, "grafana/grafana", "11"),
        ("docker.io/alpine", DEFAULT_REGISTRY, "library/alpine", "latest"),
        ("index.docker.io/library/alpine", DEFAULT_REGISTRY, "library/alpine", "latest"),
        ("ghcr.io/org/app:v1", "ghcr.io", "org/app", "v1"),
        ("localhost/app", "localhost", "app", "latest"),
        ("localhost:5000/app:1", "localhost:5000", "app", "1"),
        ("host:5000/a/b/c", "host:5000", "a/b/c", "latest"),
        ("[::1]:5000/app", "[::1]:5000", "app", "latest"),
        ("quay.io/x/y@" + DIGEST, "quay.io", "x/y", DIGEST),
        ("quay.io/x/y:tag@" + DIGEST, "quay.io", "x/y", DIGEST),
        ("a__b/c.d-e---f", DEFAULT_REGISTRY, "a__b/c.d-e---f", "latest"),
        ("Host/app", "Host", "app", "latest"),
    ],
)
def test_references_are_completed_as_docker_does(
    text: str, registry: str, repository: str, version: str
) -> None:
    found = parse_reference(text)
    assert (found.registry, found.repository, found.version) == (registry, repository, version)


@pytest.mark.parametrize(
    "text",
    ["", "Alpine", "alpine:", "alpine:a b", "alpine@", "alpine@sha256:abc", "alpine@md5:aaaa",
     "a//b", "/a", "a/", "../a", "ghcr.io/../a", "a:b:c", "https://ghcr.io/a", "host:99999999/a",
     "a" * 300, "ghcr.io/", "-a", "a..b", "a:.x", "a?b", "a#b", "a@b/c", "user@host/app",
     "alpine:" + "t" * 129],
)  # fmt: skip
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(UserError, match="no image reference"):
        parse_reference(text)


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    try:
        found = parse_reference(text)
    except UserError:
        return
    assert parse_reference(str(found)) == found
    assert ".." not in found.repository and "//" not in found.repository


def test_names_as_people_write_them() -> None:
    assert str(parse_reference("docker.io/library/alpine:3")) == "alpine:3"
    assert str(parse_reference("alpine")) == "alpine:latest"
    assert str(parse_reference(f"ghcr.io/a/b@{DIGEST}")) == f"ghcr.io/a/b@{DIGEST}"
    assert familiar("docker.io/library/alpine:3") == "alpine:3"
    assert familiar("docker.io/library/alpine") == "alpine"
    assert familiar("what is this") == "what is this"
    assert familiar("localhost:5000/app") == "localhost:5000/app"


def test_where_the_api_answers() -> None:
    assert parse_reference("alpine").host == DEFAULT_API
    assert parse_reference("ghcr.io/a").host == "ghcr.io"


@pytest.mark.parametrize(
    ("text", "local"),
    [("localhost/a", True), ("localhost:5000/a", True), ("127.0.0.1:5000/a", True),
     ("127.8.9.1/a", True), ("[::1]:5000/a", True), ("127.0.0.1.evil.example/a", False),
     ("localhost.evil.example/a", False), ("10.0.0.1:5000/a", False), ("alpine", False)],
)  # fmt: skip
def test_which_registries_are_on_this_machine(text: str, local: bool) -> None:
    assert parse_reference(text).is_local is local

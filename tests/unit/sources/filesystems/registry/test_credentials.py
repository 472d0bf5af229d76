from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.sources.filesystems.registry.credentials import Credentials, find_credentials
from vigie.sources.filesystems.registry.references import DEFAULT_REGISTRY


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return tmp_path / "config.json"


def auth(user: str = "u", password: str = "p:w") -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def helper(config: Path, name: str, script: str) -> None:
    path = config.parent / "bin" / f"docker-credential-{name}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    "key", ["r.example:5000", "https://r.example:5000", "http://r.example:5000/v1/",
            "https://r.example:5000/v2/", "r.example:5000/"],
)  # fmt: skip
def test_a_registry_is_known_however_its_name_is_written(config: Path, key: str) -> None:
    config.write_text(json.dumps({"auths": {"other": {"auth": auth("x")}, key: {"auth": auth()}}}))
    assert find_credentials("r.example:5000") == Credentials("u", "p:w")
    assert find_credentials("r.example") == Credentials()


def test_docker_hub_goes_by_its_old_address(config: Path) -> None:
    config.write_text(json.dumps({"auths": {"https://index.docker.io/v1/": {"auth": auth()}}}))
    assert find_credentials(DEFAULT_REGISTRY).user == "u"


def test_tokens_and_pairs_in_the_file(config: Path) -> None:
    auths = {
        "a": {"identitytoken": "refresh"},
        "b": {"registrytoken": "bearer"},
        "c": {"username": "u", "password": "p"},
        "d": {"auth": "not base64 at all!"},
        "e": {},
    }
    config.write_text(json.dumps({"auths": auths, "psFormat": "x"}))
    assert find_credentials("a").identity == "refresh"
    assert find_credentials("b").token == "bearer"
    assert find_credentials("c") == Credentials("u", "p")
    assert find_credentials("d") == find_credentials("e") == Credentials()


def test_a_helper_for_one_registry_comes_before_the_store_and_the_file(config: Path) -> None:
    helper(config, "one", 'read key; echo "{\\"Username\\":\\"$key\\",\\"Secret\\":\\"$1\\"}"')
    helper(config, "all", 'echo \'{"ServerURL":"x","Username":"<token>","Secret":"refresh"}\'')
    said = {"auths": {"a": {"auth": auth()}}, "credsStore": "all", "credHelpers": {"a": "one"}}
    config.write_text(json.dumps(said))
    assert find_credentials("a") == Credentials("a", "get")
    assert find_credentials("b") == Credentials(identity="refresh")


def test_a_helper_is_asked_for_docker_hub_by_its_old_address(config: Path) -> None:
    helper(config, "all", 'read key; echo "{\\"Username\\":\\"$key\\",\\"Secret\\":\\"s\\"}"')
    config.write_text(json.dumps({"credsStore": "all"}))
    assert find_credentials(DEFAULT_REGISTRY).user == "https://index.docker.io/v1/"


def test_a_helper_that_knows_nothing_leaves_it_to_the_file(config: Path) -> None:
    helper(config, "all", "echo credentials not found in native keychain; exit 1")
    config.write_text(json.dumps({"auths": {"a": {"auth": auth()}}, "credsStore": "all"}))
    assert find_credentials("a") == Credentials("u", "p:w")
    assert find_credentials("b") == Credentials()


@pytest.mark.parametrize(
    ("script", "why"),
    [("exit 7", "it ended with 7"), ("echo nonsense", "its answer cannot be read")],
)
def test_a_helper_that_fails_is_told_when_it_matters(config: Path, script: str, why: str) -> None:
    helper(config, "all", script)
    config.write_text(json.dumps({"credsStore": "all"}))
    trouble = find_credentials("a").trouble
    assert str(trouble) == f"the credential helper all gave nothing: {why}"
    config.write_text(json.dumps({"auths": {"a": {"auth": auth()}}, "credsStore": "all"}))
    assert find_credentials("a") == Credentials("u", "p:w")


@pytest.mark.parametrize("name", ["absent", "../../bin/sh", "a b", "x;y"])
def test_a_helper_that_is_not_there(config: Path, name: str) -> None:
    config.write_text(json.dumps({"credsStore": name}))
    assert "it is not installed" in str(find_credentials("a").trouble)


@pytest.mark.parametrize("text", ["{", "[]", '{"auths": 3}', '{"a":' * 100_000, "\xff"])
def test_a_broken_configuration_is_named(config: Path, text: str) -> None:
    config.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match="docker configuration"):
        find_credentials("a")


def test_no_configuration_is_nobody(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_credentials("a") == Credentials()
    monkeypatch.setenv("DOCKER_CONFIG", str(config.parent / "absent"))
    assert find_credentials("a") == Credentials()
    monkeypatch.delenv("DOCKER_CONFIG")
    monkeypatch.setenv("HOME", str(config.parent))
    (config.parent / ".docker").mkdir()
    (config.parent / ".docker/config.json").write_text(
        json.dumps({"auths": {"a": {"auth": auth()}}})
    )
    assert find_credentials("a").user == "u"


def test_they_are_never_shown() -> None:
    secret = Credentials("user", "hunter2", "refresh", "bearer")
    for text in (repr(secret), str(secret), f"{secret}"):
        assert text == "Credentials(…)"
    assert repr(Credentials()) == "Credentials()"
    assert Credentials("u", "p").basic == "Basic dTpw"
    assert Credentials().basic == ""

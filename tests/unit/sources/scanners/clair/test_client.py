"""What a Clair answers, and what is made of it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.clair_server import KEY, Answer, ClairServer, clair_server

from vigie.model.errors import SourceError, UserError
from vigie.sources.scanners.clair.client import ClairClient, IndexingFailed
from vigie.sources.scanners.clair.connection import ClairService

DIGEST = "sha256:" + "c" * 64
MANIFEST = {"hash": DIGEST, "layers": [{"hash": DIGEST, "uri": "http://127.0.0.1:9/x"}]}
INDEXED = {"manifest_hash": DIGEST, "state": "IndexFinished", "success": True, "err": ""}


@pytest.fixture
def clair() -> Iterator[ClairServer]:
    with clair_server() as server:
        yield server


@pytest.fixture
def client(clair: ClairServer) -> Iterator[ClairClient]:
    made = client_of(clair.address)
    yield made
    made.close()


def client_of(address: str, matcher: str = "", key: str = KEY) -> ClairClient:
    service = ClairService(address, matcher or address, base64.b64decode(key))
    return ClairClient(service, pause=0.001)


def as_json(said: Any) -> bytes:
    return json.dumps(said).encode()


def test_it_is_greeted_with_a_token(clair: ClairServer, client: ClairClient) -> None:
    assert client.greet() == clair.state
    assert clair.tokens[0].startswith("Bearer ")


def test_one_without_a_key_is_sent_no_token() -> None:
    with clair_server(key=b"") as clair:
        client = client_of(clair.address, key="")
        client.greet()
        client.close()
        assert clair.tokens == [""]


def test_indexing_is_waited_for(clair: ClairServer, client: ClairClient) -> None:
    clair.reports[DIGEST] = {**INDEXED, "packages": {}, "distributions": {}, "environments": {}}
    clair.steps[DIGEST] = ["FetchLayers", "ScanLayers"]
    begun = as_json({**INDEXED, "state": "CheckManifest", "success": False})
    clair.instead["/indexer/api/v1/index_report"] = Answer(201, begun, times=1)
    client.index(MANIFEST)
    asked = [path for method, path in clair.asked if method == "GET"]
    assert asked == [f"/indexer/api/v1/index_report/{DIGEST}"] * 3


def test_indexing_that_fails_says_why(clair: ClairServer, client: ClairClient) -> None:
    with pytest.raises(IndexingFailed, match=r"failed to fetch layers.*refused"):
        client.index(MANIFEST)
    failed = {**INDEXED, "state": "IndexError", "success": False, "err": "out of disk"}
    clair.instead["/indexer/api/v1/index_report"] = Answer(201, as_json(failed), times=1)
    with pytest.raises(IndexingFailed, match="out of disk"):
        client.index(MANIFEST)


def test_what_may_pass_is_tried_again(clair: ClairServer, client: ClairClient) -> None:
    clair.reports[DIGEST] = {**INDEXED}
    clair.instead["/indexer/api/v1/index_report"] = Answer(429, times=2)
    client.index(MANIFEST)
    assert len(clair.asked) == 3
    clair.instead["/indexer/api/v1/index_state"] = Answer(503)
    with pytest.raises(SourceError, match="HTTP 503") as caught:
        client.greet()
    assert caught.value.retryable
    assert len(clair.asked) == 3 + 5


@pytest.mark.parametrize("status", [400, 404, 415, 500])
def test_what_will_not_pass_is_not(clair: ClairServer, client: ClairClient, status: int) -> None:
    said = as_json({"code": "x", "message": "no\nsuch   thing"})
    clair.instead["/indexer/api/v1/index_report"] = Answer(status, said)
    with pytest.raises(SourceError, match="no such thing"):
        client.index(MANIFEST)
    assert len(clair.asked) == 1


def test_a_report_is_given_as_it_came(clair: ClairServer, client: ClairClient) -> None:
    kept: dict[str, Any] = {"packages": {}, "distributions": {}, "environments": {}}
    clair.reports[DIGEST] = {**INDEXED, **kept}
    body, outline = client.report(DIGEST)
    assert json.loads(body)["manifest_hash"] == outline.manifest_hash == DIGEST
    assert outline.package_vulnerabilities == {}


def test_a_report_without_vulnerabilities_to_compare_with_is_none(
    clair: ClairServer, client: ClairClient
) -> None:
    clair.initialised = False
    with pytest.raises(SourceError, match="no vulnerabilities to compare with") as caught:
        client.report(DIGEST)
    assert caught.value.retryable
    assert len(clair.asked) == 5


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "something else"),
        (b"", "something else"),
        (b"[]", "something else"),
        (b"{}", "something else"),
        (b"[" * 100_000, "something else"),
        (b'{"manifest_hash": "\xff"}', "something else"),
        (
            as_json(
                {
                    "manifest_hash": "sha256:" + "d" * 64,
                    "packages": {},
                    "vulnerabilities": {},
                    "package_vulnerabilities": {},
                }
            ),
            "another image",
        ),
    ],
)
def test_what_is_no_report_of_the_image_is_refused(
    clair: ClairServer, client: ClairClient, body: bytes, why: str
) -> None:
    clair.instead["/matcher"] = Answer(200, body)
    with pytest.raises(SourceError, match=why):
        client.report(DIGEST)


def test_the_date_is_that_of_the_newest_update(clair: ClairServer, client: ClairClient) -> None:
    assert client.database_date() == ""
    clair.updates["never"] = [{"updater": "never", "date": "0001-01-01T00:00:00Z"}]
    assert client.database_date() == ""  # what Go writes for no date
    for number, date in enumerate(
        ["2026-01-02T03:04:05.123456789Z", "2026-01-03T00:00:00+02:00", "0001-01-01T00:00:00Z"]
    ):
        clair.updates[f"u{number}"] = [{"updater": f"u{number}", "date": date}]
    assert client.database_date() == "2026-01-03T00:00:00+02:00"


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_the_date_may_be_kept_from_us(clair: ClairServer, client: ClairClient, status: int) -> None:
    clair.instead["/matcher/api/v1/internal"] = Answer(status)
    assert client.database_date() == ""


def test_indexer_and_matcher_may_be_two(clair: ClairServer) -> None:
    with clair_server() as matcher:
        kept: dict[str, Any] = {"packages": {}, "distributions": {}, "environments": {}}
        matcher.reports[DIGEST] = {**INDEXED, **kept}
        client = client_of(clair.address, matcher.address)
        client.greet()
        client.report(DIGEST)
        client.close()
        assert [path.split("/")[1] for _, path in clair.asked] == ["indexer"]
        assert [path.split("/")[1] for _, path in matcher.asked] == ["matcher"]


def test_what_is_no_clair_is_said(clair: ClairServer) -> None:
    client = client_of(f"{clair.address}/clair")
    with pytest.raises(UserError, match="no Clair"):
        client.greet()
    client.close()


def test_the_digest_of_a_manifest_is_checked_by_the_stand_in(client: ClairClient) -> None:
    bad = {"hash": hashlib.md5(b"").hexdigest(), "layers": MANIFEST["layers"]}
    with pytest.raises(IndexingFailed, match="bogus"):
        client.index(bad)

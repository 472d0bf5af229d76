from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from tests.plugs.report_samples import PARSERS
from tests.unit.sources.reports.parsers.read import first, identity, place, read, spelt

from vigie.model.assets import AssetKind
from vigie.model.identity import secret_anchor
from vigie.model.runs import ProblemCode
from vigie.sources.reports.document import document_from_bytes

SECRET = "demo_tulip42moon77"
GIT = {"Git": {"commit": "a1", "file": "a.env", "repository": "https://git.example/s", "line": 4}}


def line(source: dict[str, Any] | None = None, **changes: Any) -> str:
    found = {
        "SourceMetadata": {"Data": source or GIT},
        "DetectorName": "Demo",
        "DecoderName": "PLAIN",
        "Verified": False,
        "Raw": SECRET,
        "RawV2": f"{SECRET}:more",
        "Redacted": SECRET,
        "ExtraData": {"seen": SECRET},
    }
    return json.dumps(found | changes) + "\n"


def test_secret_is_nowhere_in_the_observation() -> None:
    assert SECRET not in spelt(read("trufflehog", line()))


def test_value_is_the_anchor() -> None:
    assert place("trufflehog", line()).anchor == secret_anchor(SECRET)


def test_value_in_base64_of_old_versions_is_opened() -> None:
    found = json.loads(line(Raw=base64.b64encode(SECRET.encode()).decode()))
    del found["DecoderName"]
    assert place("trufflehog", found).anchor == secret_anchor(SECRET)


def test_token_that_looks_like_base64_is_left_as_it_is() -> None:
    token = "AKIAQWERTYUIOPASDFGH"
    found = json.loads(line(Raw=token))
    del found["DecoderName"]
    assert place("trufflehog", found).anchor == secret_anchor(token)
    encoded = base64.b64encode(b"user:password").decode()
    assert place("trufflehog", line(Raw=encoded)).anchor == secret_anchor(encoded)


def test_shifted_secret_keeps_the_identity() -> None:
    moved = {"Git": GIT["Git"] | {"line": 14}}
    assert identity("trufflehog", line()) == identity("trufflehog", line(moved))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"Verified": True}, "high"),
        ({"Verified": False}, "low"),
        ({"Verified": False, "VerificationError": "timed out"}, "medium"),
        ({"Verified": None}, ""),
    ],
)
def test_verification_gives_the_confidence(changes: dict[str, Any], word: str) -> None:
    assert first("trufflehog", line(**changes)).signals.confidence == word


@pytest.mark.parametrize(
    ("source", "path", "asset"),
    [
        (GIT, "a.env", "https://git.example/s"),
        ({"Github": {"file": "b.env", "repository": "https://hub.example/s"}}, "b.env",
         "https://hub.example/s"),
        ({"Gitlab": {"file": "c.env", "repository": "https://lab.example/s"}}, "c.env",
         "https://lab.example/s"),
        ({"Filesystem": {"file": "./d.env", "line": 2}}, "d.env", ""),
        ({"S3": {"bucket": "box", "file": "e.sql"}}, "e.sql", "s3://box"),
        ({"Gcs": {"bucket": "box", "filename": "f.sql"}}, "f.sql", "gcs://box"),
        ({"Docker": {"image": "shop", "tag": "1", "file": "/g.env"}}, "/g.env", "shop:1"),
        ({"Docker": {"image": "reg.example:5000/shop", "tag": "1"}}, "",
         "reg.example:5000/shop:1"),
        ({"Docker": {"image": "shop:2", "tag": "2"}}, "", "shop:2"),
        ({"Jira": {"issue": "SHOP-1", "link": "https://jira.example/SHOP-1"}}, "SHOP-1", ""),
        ({"Newcomer": {"link": "https://x.example"}}, "", ""),
    ],
)  # fmt: skip
def test_every_kind_of_source_is_placed(source: dict[str, Any], path: str, asset: str) -> None:
    seen = first("trufflehog", line(source))
    assert seen.locations[0].path == path
    assert (seen.asset.name if seen.asset else "") == asset


def test_image_is_an_image() -> None:
    asset = first("trufflehog", line({"Docker": {"image": "shop", "tag": "1"}})).asset
    assert asset is not None and asset.kind is AssetKind.IMAGE


def test_log_lines_are_no_records_but_errors_are_problems() -> None:
    log = {"level": "info-0", "logger": "trufflehog", "msg": "running source"}
    error = {"level": "error", "logger": "trufflehog", "msg": "failed", "error": "no access"}
    end = {"level": "info-0", "logger": "trufflehog", "msg": "done", "trufflehog_version": "3.9"}
    text = json.dumps(log) + "\n" + line() + json.dumps(error) + "\n" + json.dumps(end) + "\n"
    said = read("trufflehog", text)
    assert (said.records, said.version) == (1, "3.9")
    (problem,) = said.problems
    assert problem.code is ProblemCode.REPORT and "no access" in str(problem.message)


def test_array_of_results_is_read_like_lines() -> None:
    assert read("trufflehog", [json.loads(line()), json.loads(line())]).records == 2


def test_line_that_is_cut_is_a_counted_problem() -> None:
    said = read("trufflehog", line() + line() + line()[:40] + "\n")
    assert (said.records, len(said.observations), len(said.problems)) == (3, 2, 1)


def test_version_two_names_each_string() -> None:
    found = {"commitHash": "a1", "path": "a.env", "reason": "High Entropy", "diff": SECRET,
             "stringsFound": [SECRET, "other", SECRET]}  # fmt: skip
    seen = first("trufflehog", found)
    assert [p.anchor for p in seen.locations] == [secret_anchor(SECRET), secret_anchor("other")]
    assert SECRET not in spelt(seen)


def test_log_of_another_tool_is_not_taken() -> None:
    data = b'{"level":"info","msg":"hello"}\n{"level":"info","msg":"bye"}\n'
    assert not PARSERS["trufflehog"].recognises(document_from_bytes(data).sketch)

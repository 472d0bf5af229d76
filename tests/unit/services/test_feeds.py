"""KEV and EPSS as they are published, and nothing else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.services.feeds import load_knowledge

KEV = {
    "dateReleased": "2026-01-01T00:00:00Z",
    "vulnerabilities": [
        {"cveID": "cve-2024-1", "dateAdded": "2024-02-01", "knownRansomwareCampaignUse": "Known"},
        {"cveID": "CVE-2024-2", "knownRansomwareCampaignUse": "Unknown"},
    ],
}
EPSS = (
    "#model_version:v1,score_date:2026-01-01T00:00:00Z\ncve,epss,percentile\nCVE-2024-1,0.5,0.9\n"
)


def write(folder: Path, data: str | bytes) -> Path:
    path = folder / "feed"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_kev(tmp_path: Path) -> None:
    got = load_knowledge(kev=write(tmp_path, json.dumps(KEV)))
    assert got.kev["CVE-2024-1"].ransomware is True
    assert got.kev["CVE-2024-2"].ransomware is None
    assert got.kev_date == "2026-01-01T00:00:00Z"
    assert got.epss_date == ""


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode(), mtime=0)])
def test_epss_plain_and_gzipped(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    got = load_knowledge(epss=write(tmp_path, pack(EPSS)))
    assert got.epss["CVE-2024-1"].score == 0.5
    assert got.epss_date.startswith("2026-01-01")


@pytest.mark.parametrize("data", ["", "{}", "[]", '{"vulnerabilities": 1}', "[" * 9999, b"\xff"])
def test_what_is_no_kev_is_refused(tmp_path: Path, data: str | bytes) -> None:
    with pytest.raises(UserError):
        load_knowledge(kev=write(tmp_path, data))


@pytest.mark.parametrize(
    "data",
    ["", "a,b\n", "cve,epss\nCVE-1,two\n", "cve,epss\nCVE-1,7\n", "cve,epss\nx\n", b"\xff\xfe",
     gzip.compress(b"cve,epss\n", mtime=0)[:9], gzip.compress(b"#" * 20_000_000, mtime=0),
     b"\x1f\x8b\x08\0\0\0\0\0\0\3\xff\xff\xff\xff"],
)  # fmt: skip
def test_what_is_no_epss_is_refused(tmp_path: Path, data: str | bytes) -> None:
    with pytest.raises(UserError):
        load_knowledge(epss=write(tmp_path, data))


def test_a_line_without_an_end_is_not_read_whole(tmp_path: Path) -> None:
    data = gzip.compress(EPSS.encode() + b"CVE-2024-2,0.5,0.9" + b" " * 20_000, mtime=0)
    with pytest.raises(UserError, match="a line is too long"):
        load_knowledge(epss=write(tmp_path, data))


@pytest.mark.corpus
def test_real_feeds(corpus: Path) -> None:
    folder = corpus / "advisories"
    got = load_knowledge(
        folder / "known_exploited_vulnerabilities.json", folder / "epss-sample.csv"
    )
    assert len(got.kev) == 1404
    assert got.kev["CVE-2021-44228"].ransomware is True
    assert len(got.epss) == 105

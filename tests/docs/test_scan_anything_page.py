"""'Scan anything', typed as it stands, over one small target of each kind."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.advisory_samples import affects, osv, write_dump, write_epss, write_kev
from tests.docs.pages import ROOT, blocks
from tests.plugs import image_samples, registry_server
from tests.plugs.image_samples import SampleImage, file, tar_of, write_folder, write_tar
from vigie.faces.cli.main import run
from vigie.services.advisory_import import ImportOptions, import_paths
from vigie.sources.filesystems.limits import ImageLimits

PAGE = ROOT / "docs" / "guides" / "scan-anything.md"
TEXT = PAGE.read_text(encoding="utf-8")
REGISTRY = "registry.example"
USER, PASSWORD = "watch", "keeper"

_APK = "P:busybox\nV:1.36.0-r1\nA:x86_64\no:busybox\n\n"
_DPKG = (
    "Package: libdemo1\nStatus: install ok installed\nArchitecture: amd64\n"
    "Source: demo (1.0-1)\nVersion: 1.0-1+b1\nMaintainer: A <a@debian.org>\n\n"
    "Package: python3-django\nStatus: install ok installed\nArchitecture: all\n"
    "Source: python-django\nVersion: 3:4.2.1-1\nMaintainer: A <a@debian.org>\n\n"
)
_DJANGO = "Metadata-Version: 2.1\nName: Django\nVersion: 4.2.1\n"


def typed() -> Iterator[tuple[str, set[int]]]:
    """Every command of the page with the exit codes that its block allows."""
    codes = re.findall(r"^```console exit=([\d,]+)$", TEXT, re.MULTILINE)
    shown = [block for block in blocks(PAGE) if block.lang == "console"]
    assert len(codes) == len(shown), "a block says how its commands end"
    for allowed, block in zip(codes, shown, strict=True):
        for line in block.body.splitlines():
            yield line.removeprefix("$ "), {int(code) for code in allowed.split(",")}


LINES = list(typed())
IMAGE = SampleImage(
    (
        tar_of(
            [
                file("etc/os-release", 'ID=alpine\nVERSION_ID="3.18.0"\n'),
                file("lib/apk/db/installed", _APK),
                file("srv/app/requirements.txt", "django==4.2.1\n"),
            ]
        ),
    )
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with everything that the page scans, and advisories of this very minute."""
    home = tmp_path / "desk"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    (home / "requirements.txt").write_text("django==4.2.1\nsix==1.16.0\n")
    write_tar(home / "shop.tar", IMAGE.saved())
    write_folder(home / "layout", IMAGE.layout("gzip"))
    write_folder(
        home / "rootfs",
        [
            file("etc/os-release", 'ID=debian\nVERSION_ID="12"\n'),
            file("var/lib/dpkg/status", _DPKG),
            file("var/lib/dpkg/info/python3-django.list", f"/{_INSTALLED}\n"),
            file(_INSTALLED, _DJANGO),
        ],
    )
    fill(tmp_path)
    return home


_INSTALLED = "usr/lib/python3/dist-packages/django-4.2.1.dist-info/METADATA"


def fill(folder: Path) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for ecosystem, record in {
        "PyPI": osv("PYSEC-1", affects("PyPI", "django", "4.2.2"), modified=now),
        "Alpine": osv("ALPINE-1", affects("Alpine:v3.18", "busybox", "1.36.0-r2"), modified=now),
        "Debian": osv("DEBIAN-1", affects("Debian:12", "demo", "1.0-2"), modified=now),
    }.items():
        write_dump(folder / "feeds" / ecosystem / "all.zip", [record])
    write_kev(folder / "feeds" / "kev.json", "CVE-2024-1", date=now)
    write_epss(folder / "feeds" / "epss.csv.gz", {"CVE-2024-1": 0.5}, date=now[:10])
    import_paths([folder / "feeds"], ImportOptions(now, folder=folder / "data" / "advisories"))


EXPECTED = {
    ".": {"PYSEC-1"},
    "requirements.txt": {"PYSEC-1"},
    "shop.tar": {"ALPINE-1"},
    "layout": {"ALPINE-1"},
    "rootfs": {"DEBIAN-1"},
    "shop.cdx.json": {"PYSEC-1"},
    "registry.example/team/shop:1.4": {"ALPINE-1"},
}


def call(line: str, home: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capfd.readouterr()
    code = run(shlex.split(line)[1:], {"HOME": str(home), "VIGIE_DATA": str(home / "../data")})
    said = capfd.readouterr()
    return code, said.out + said.err


def found_in(said: str) -> set[str]:
    return set(re.findall(r"(?:PYSEC|ALPINE|DEBIAN)-\d", said))


@pytest.mark.slow
def test_every_command_does_what_it_says(desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for line, codes in LINES:
        if REGISTRY in line:
            continue  # the next test's
        code, said = call(line, desk, capfd)
        assert code in codes, f"{line}\n{said}"
        target = shlex.split(line)[2] if " scan " in line else "/"
        if target != "/":
            assert found_in(said) == EXPECTED[target], f"{line}\n{said}"
            assert "Looked at by: embedded" in said
            assert datetime.now(UTC).date().isoformat() in said.partition("Looked at by")[2]
    assert '"purl":"pkg:pypi/six@1.16.0"' in (desk / "shop.cdx.json").read_text()


@pytest.mark.skipif(
    registry_server.PROGRAM is None or registry_server.HTPASSWD is None,
    reason="no docker-registry or htpasswd on this machine",
)
def test_an_image_in_a_registry_that_asks_who_we_are(
    desk: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (line,) = [line for line, _ in LINES if REGISTRY in line]
    settings = registry_server.htpasswd(tmp_path / "users", USER, PASSWORD)
    manifest, blobs = IMAGE.blobs("gzip")
    with registry_server.registry(tmp_path / "registry", settings) as host:
        headers = {"Authorization": "Basic d2F0Y2g6a2VlcGVy"}
        kind = f"{image_samples.OCI}.manifest.v1+json"
        blobs = {digest: data for digest, data in blobs.items() if data != manifest}
        registry_server.push(host, "team/shop", blobs, {"1.4": (kind, manifest)}, headers)
        code, said = call(line.replace(REGISTRY, host), desk, capfd)
        assert code == 3, said
        assert "docker login" in said
        registry_server.login(tmp_path / "docker", host, USER, PASSWORD)
        code, said = call(line.replace(REGISTRY, host), desk, capfd)
    assert (code, found_in(said)) == (0, {"ALPINE-1"}), said


@pytest.mark.slow
def test_what_makes_a_run_partial_is_said_in_these_words(
    desk: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = [row.split("|")[1].strip() for row in TEXT.partition("## What *partial*")[2]
            .partition("## ")[0].splitlines() if row.startswith("| ")][2:]  # fmt: skip
    (tmp_path / "data" / "advisories" / "advisories.sqlite").unlink()
    said = []
    said.append(call("vigie scan . --with embedded --offline", desk, capfd))
    write_dump(tmp_path / "old" / "PyPI" / "all.zip", [osv("PYSEC-1")])
    import_paths([tmp_path / "old"], ImportOptions("2026-01-01T00:00:00Z"))
    said.append(call("vigie scan rootfs --with embedded --offline", desk, capfd))
    said.append(call("vigie scan . --with embedded --offline", desk, capfd))
    (desk / "poetry.lock").write_text("[[package]\n")
    said.append(call("vigie scan . --with embedded --offline", desk, capfd))
    assert [code for code, _ in said] == [3, 3, 3, 3]
    words = ["there are no advisories at hand", "no advisories for Debian:12 are at hand",
             " days old, more than 7", "poetry.lock"]  # fmt: skip
    for word, (_, text) in zip(words, said, strict=True):
        assert word in " ".join(text.split()), text
    for word in words[:3]:
        assert any(word in row for row in told), word


def test_the_figures_and_settings_are_those_of_the_code() -> None:
    limits = ImageLimits()
    assert f"{limits.unpacked // 1024**3} GiB, {limits.layers} layers" in TEXT
    assert f"{limits.entries:,} files" in " ".join(TEXT.split())
    assert limits.download == limits.unpacked
    (settings,) = [block for block in blocks(PAGE) if block.title == ".vigie.toml"]
    assert tomllib.loads(settings.body) == {"scanner": {"embedded": {"platform": "linux/arm64"}}}

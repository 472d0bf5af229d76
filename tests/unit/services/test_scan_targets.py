"""What a server may be asked to scan, and what it tells of what it may not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.platforms import Absent, platform

from vigie.model.assets import AssetKind
from vigie.model.errors import SourceError, UserError
from vigie.services.outbound import Outbound
from vigie.services.platform import Platform
from vigie.services.scan_targets import ScanRules, allowed_target, check_target


def made(folder: Path, address: str = "93.184.216.34") -> Platform:
    outbound = Outbound(resolve=lambda _host, _port: [address])
    return platform(Absent("database"), folder / "data", outbound=outbound)  # type: ignore[arg-type]


def said(folder: Path, target: str) -> str:
    with pytest.raises(UserError) as caught:
        allowed_target(made(folder), target, ScanRules((folder / "code",)))
    return str(caught.value.message).replace(target, "…")


@pytest.mark.parametrize("way", ["{}", "./{}", "sub/{}", "image:{}/", "{}/", "../{}", "/etc/{}"])
def test_it_does_not_tell_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "there").write_text("x")
    monkeypatch.chdir(tmp_path)
    there = said(tmp_path, way.format("hostname" if "etc" in way else "there"))
    assert there == said(tmp_path, way.format("none")) == "… may not be scanned from this server"


def test_a_name_is_an_image_though_a_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop:1.0").write_text("secret")
    monkeypatch.chdir(tmp_path)
    for name in ("shop:1.0", "image:shop:1.0"):
        target = allowed_target(made(tmp_path), name, ScanRules())
        assert (target.kind, target.path) == (AssetKind.IMAGE, None)


def test_a_folder_that_only_the_workers_have_is_not_refused(tmp_path: Path) -> None:
    rules = ScanRules((tmp_path / "code",))
    check_target(made(tmp_path), str(tmp_path / "code" / "shop"), rules)
    with pytest.raises(UserError, match="does not exist"):
        allowed_target(made(tmp_path), str(tmp_path / "code" / "shop"), rules)


@pytest.mark.parametrize(
    "target", ["10.0.0.1:5000/shop:1", "[::1]:5000/shop:1", "localhost/shop:1",
               "image:intern.example/shop", "Intern/shop:1", "http://intern.example/"],
)  # fmt: skip
def test_what_leads_inside_is_refused(tmp_path: Path, target: str) -> None:
    inside = made(tmp_path, "10.1.2.3")
    with pytest.raises(UserError, match=r"internal address|may not be scanned"):
        check_target(inside, target, ScanRules())


def test_a_name_server_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    over = threading.Event()

    def silent(_host: str, _port: int) -> list[str]:
        over.wait(60)
        return []

    outbound = Outbound(timeout=60.0, resolve=silent)
    place = platform(Absent("database"), tmp_path / "data", outbound=outbound)  # type: ignore[arg-type]
    try:
        for target in ("https://slow.example/", "slow.example/shop:1"):
            with pytest.raises(SourceError, match="could not be found"):
                check_target(place, target, ScanRules(), 0.05)
            assert not over.is_set()
    finally:
        over.set()


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="may not be scanned"):
        check_target(made(tmp_path), "r.example:99999/shop:1", ScanRules())

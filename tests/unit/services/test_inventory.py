"""Every package of a target, whatever sort of target it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.inventory import Inventory
from vigie.model.runs import ProblemCode
from vigie.services.inventory import InventoryOptions, take_inventory
from vigie.services.targets import resolve_target
from vigie.wiring.plugs import PACKAGES, REPORTS, Plugs

READERS = Plugs(PACKAGES).working()
STATUS = (
    "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\n"
    "Source: openssl\nVersion: 3.0.11-1\n\n"
)
RELEASE = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'


def tree(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def taken(target: str | Path, workspace: Path, *excluded: str, offline: bool = False) -> Inventory:
    workspace.mkdir(exist_ok=True)
    options = InventoryOptions(workspace, excluded, offline=offline)
    return take_inventory(resolve_target(str(target)), READERS, Plugs(REPORTS), options)


def names(inventory: Inventory) -> list[str]:
    return [f"{p.component.type} {p.component.name} {p.component.version}"
            for p in inventory.packages]  # fmt: skip


def test_a_folder_of_code(tmp_path: Path) -> None:
    folder = tree(tmp_path / "code", {"requirements.txt": "django==4.2.1\n", "README": "x"})
    inventory = taken(folder, tmp_path / "w")
    assert names(inventory) == ["pypi django 4.2.1"]
    assert inventory.asset.kind is AssetKind.REPOSITORY
    assert inventory.packages[0].location.path == "requirements.txt"
    assert inventory.problems == ()
    assert inventory.looked_at == frozenset({"pypi"})


def test_one_file_and_nothing_beside_it(tmp_path: Path) -> None:
    asked = "django==4.2.1\n-r more.txt\n"
    others = {"more.txt": "six==1.0\n", "poetry.lock": "junk ["}
    folder = tree(tmp_path / "code", {"requirements.txt": asked, **others})
    inventory = taken(folder / "requirements.txt", tmp_path / "w")
    assert "pypi django 4.2.1" in names(inventory)
    assert inventory.problems == ()


def test_excluded_folders_are_not_entered(tmp_path: Path) -> None:
    folder = tree(tmp_path / "code", {"old/requirements.txt": "django==1.0\n",
                                      "new/requirements.txt": "django==4.2\n"})  # fmt: skip
    assert names(taken(folder, tmp_path / "w", "old")) == ["pypi django 4.2"]


def test_a_root_file_system(tmp_path: Path) -> None:
    root = tree(tmp_path / "root", {"var/lib/dpkg/status": STATUS, "etc/os-release": RELEASE,
                                    "proc/1/requirements.txt": "django==1\n",
                                    "srv/app/requirements.txt": "django==1\n"})  # fmt: skip
    inventory = taken(root, tmp_path / "w")
    assert inventory.asset.kind is AssetKind.HOST
    assert (inventory.asset.name, inventory.asset.distro) == ("root", "debian-12")
    assert names(inventory) == ["deb libssl3 3.0.11-1"]
    assert inventory.packages[0].component.source_name == "openssl"


def test_an_sbom(tmp_path: Path) -> None:
    purl = "pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl"
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{"type": "library", "name": "libssl3", "version": "3.0.11-1", "purl": purl}],
    }
    (tmp_path / "bom.json").write_text(json.dumps(bom))
    inventory = taken(tmp_path / "bom.json", tmp_path / "w")
    assert inventory.asset.kind is AssetKind.SBOM
    assert names(inventory) == ["deb libssl3 3.0.11-1"]
    assert inventory.distribution is not None
    assert inventory.distribution.label == "debian-12"


def sbom(tmp_path: Path, *components: Mapping[str, str]) -> Inventory:
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components}
    (tmp_path / "bom.json").write_text(json.dumps(bom))
    return taken(tmp_path / "bom.json", tmp_path / "w")


def test_what_an_sbom_says_twice_is_there_once(tmp_path: Path) -> None:
    same = {"type": "library", "name": "six", "version": "1.0", "purl": "pkg:pypi/six@1.0"}
    assert names(sbom(tmp_path, same, same, same)) == ["pypi six 1.0"]


def test_an_sbom_names_its_operating_system_as_a_component(tmp_path: Path) -> None:
    curl = {"type": "library", "name": "curl", "version": "8", "purl": "pkg:deb/debian/curl@8"}
    system = {"type": "operating-system", "name": "debian", "version": "12"}
    inventory = sbom(tmp_path, system, curl)
    assert names(inventory) == ["deb curl 8"]
    assert inventory.distribution is not None
    assert inventory.distribution.label == "debian-12"
    # An application of some name and version is no system.
    assert len(sbom(tmp_path, {**system, "name": "shop"}, curl).packages) == 2


def test_spdx_as_tag_and_value_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.spdx").write_text("SPDXVersion: SPDX-2.3\nPackageName: six\n")
    with pytest.raises(UserError, match="tag-value") as caught:
        taken(tmp_path / "a.spdx", tmp_path / "w")
    assert "JSON" in str(caught.value.hint)


def test_problems_of_one_kind_are_counted_in_the_end(tmp_path: Path) -> None:
    broken = {f"{n}/poetry.lock": "junk [" for n in range(120)}
    problems = taken(tree(tmp_path / "code", broken), tmp_path / "w").problems
    assert len(problems) == 101
    assert problems[-1].code is ProblemCode.RECORD
    assert str(problems[-1].message).startswith("20 more files")


def test_an_image_of_a_registry_is_not_fetched_when_the_network_is_not_to_be_used(
    tmp_path: Path,
) -> None:
    with pytest.raises(UserError, match="the network is not to be used"):
        taken("image:shop/web:1", tmp_path / "w", offline=True)


def test_what_cannot_be_read_is_a_problem_and_the_rest_is_there(tmp_path: Path) -> None:
    folder = tree(tmp_path / "code", {"poetry.lock": "junk [", "requirements.txt": "six==1.0\n"})
    inventory = taken(folder, tmp_path / "w")
    assert names(inventory) == ["pypi six 1.0"]
    assert [problem.where for problem in inventory.problems] == ["poetry.lock"]


def test_a_note_that_many_files_give_hides_nothing_else(tmp_path: Path) -> None:
    loose = {f"{n}/requirements.txt": "django\n" for n in range(9)}
    broken = {"z/poetry.lock": "junk [", "z/uv.lock": "junk ["}
    problems = taken(tree(tmp_path / "code", {**loose, **broken}), tmp_path / "w").problems
    notes = [p for p in problems if p.code is ProblemCode.NOTE]
    assert len(notes) == 4
    assert str(notes[-1].message).startswith("6 more files")
    assert {p.where for p in problems} >= set(broken)


@pytest.mark.corpus
def test_an_image_archive(tmp_path: Path, corpus: Path) -> None:
    inventory = taken(corpus / "images" / "alpine-310.docker.tar.gz", tmp_path / "w")
    assert len(inventory.packages) == 14
    assert inventory.asset.kind is AssetKind.IMAGE
    assert inventory.asset.distro.startswith("alpine-3.10")
    assert any(digest.startswith("config:sha256:") for digest in inventory.asset.digests)

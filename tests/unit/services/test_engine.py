"""The embedded engine: an inventory, matched, as a report like any scanner's."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.services.advisories_made import fill, osv

from vigie.model.observations import FixState, Observation, Verdict
from vigie.model.runs import ProblemCode
from vigie.ports.reports import Report
from vigie.services.engine import EngineOptions, Readers, examine, inventory_report, written
from vigie.services.inventory import InventoryOptions, take_inventory
from vigie.services.targets import resolve_target
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.reading import read_document
from vigie.wiring.plugs import PACKAGES, REPORTS, Plugs

READERS = Readers(Plugs(PACKAGES).working(), Plugs(REPORTS))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("django==4.2.1\nsix==1.16.0\n")
    return folder


def examined(folder: Path) -> Report:
    workspace = folder.parent / "workspace"
    workspace.mkdir(exist_ok=True)
    how = InventoryOptions(workspace, offline=True)
    return examine(resolve_target(str(folder)), READERS, EngineOptions(how))


def failing(report: Report) -> list[Observation]:
    return [o for o in report.observations if o.verdict is Verdict.FAIL]


def test_a_vulnerable_package_is_found_with_its_fix(project: Path, tmp_path: Path) -> None:
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2", "CVE-2025-0001"))
    report = examined(project)
    (found,) = failing(report)
    assert (found.rule.id, found.rule.aliases) == ("PYSEC-1", ("CVE-2025-0001",))
    assert found.component is not None
    assert (found.component.name, found.component.version) == ("django", "4.2.1")
    assert (found.fix.state, found.fix.versions) == (FixState.FIXED, ("4.2.2",))
    assert found.locations[0].path == "requirements.txt"
    assert report.problems == ()
    assert report.ecosystems == frozenset({"pypi"})
    assert report.database_date == "2026-01-01T00:00:00Z"


def test_every_package_is_listed_and_counted(project: Path, tmp_path: Path) -> None:
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    report = examined(project)
    listed = [o for o in report.observations if o.verdict is Verdict.NOT_APPLICABLE]
    assert [o.component.name for o in listed if o.component] == ["django", "six"]
    assert report.records == len(report.observations) == 3
    assert len({o.record for o in report.observations}) == 3


def test_a_package_that_is_fixed_is_not_reported(project: Path, tmp_path: Path) -> None:
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.1"))
    assert failing(examined(project)) == []


def test_an_ecosystem_without_advisories_is_unknown(project: Path, tmp_path: Path) -> None:
    fill(tmp_path / "data", osv("GHSA-1", "npm", "left-pad", "2.0.0"))
    (problem,) = examined(project).problems
    assert problem.code is ProblemCode.STALE
    assert str(problem.message) == "no advisories for PyPI are at hand: 2 packages were not checked"


def test_what_osv_does_not_have_is_said_and_nobody_is_sent_to_fetch_it(
    project: Path, tmp_path: Path
) -> None:
    (project / "requirements.txt").unlink()
    (project / "Podfile.lock").write_text("PODS:\n  - Alamofire (5.0.0)\n\nCOCOAPODS: 1.12.0\n")
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    (problem,) = examined(project).problems
    assert problem.code is ProblemCode.SKIPPED
    assert "OSV has no advisories for" in str(problem.message)
    assert "db update" not in str(problem.hint)


def test_without_any_advisories_nothing_is_claimed(project: Path) -> None:
    report = examined(project)
    assert (failing(report), report.ecosystems, report.database_date) == ([], frozenset(), "")
    (problem,) = report.problems
    assert problem.code is ProblemCode.STALE
    assert "did not look for vulnerabilities" in str(problem.message)


def test_a_folder_without_packages_needs_no_advisories(project: Path) -> None:
    (project / "requirements.txt").write_text("# none\n")
    report = examined(project)
    assert (report.observations, report.problems) == ((), ())


def test_a_root_without_packages_is_unknown(project: Path) -> None:
    (project / "requirements.txt").unlink()
    for path in ("etc/os-release", "var/lib/dpkg/status"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("ID=debian\n" if "etc" in path else "")
    (problem,) = examined(project).problems
    assert "no package was found" in str(problem.message)


def test_packages_without_a_version_are_told(project: Path, tmp_path: Path) -> None:
    (project / "requirements.txt").write_text("django\nsix==1.16.0\n")
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    problems = examined(project).problems
    assert {problem.code for problem in problems} == {ProblemCode.NOTE}
    said = [str(problem.message) for problem in problems]
    assert "1 package has no version and was not checked: django" in said


def test_where_no_package_has_a_version_nothing_was_looked_at(
    project: Path, tmp_path: Path
) -> None:
    (project / "requirements.txt").write_text("django\n" + "x" * 500 + "\n")
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    told = next(p for p in examined(project).problems if "no version" in str(p.message))
    assert told.code is ProblemCode.RECORD
    assert len(str(told.message)) < 250  # a name may be endless, the sentence is not


def test_a_version_that_nobody_can_compare_makes_it_partial(project: Path, tmp_path: Path) -> None:
    (project / "requirements.txt").write_text("django===who-knows\n")
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2"))
    assert any(problem.code is ProblemCode.RECORD for problem in examined(project).problems)


def test_its_report_is_read_back_without_loss(project: Path, tmp_path: Path) -> None:
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "django", "4.2.2", "CVE-2025-0001"))
    report = examined(project)
    document = document_from_bytes(b"".join(written(report)))
    (back,) = read_document(Plugs(REPORTS)["embedded"], document)
    assert len(back.observations) == back.records == report.records
    assert [o.component for o in back.observations] == [o.component for o in report.observations]
    assert [o.fix for o in back.observations] == [o.fix for o in report.observations]
    assert (back.asset, back.ecosystems) == (report.asset, report.ecosystems)
    assert (back.database_date, back.problems) == (report.database_date, report.problems)


def test_an_inventory_alone_finds_nothing_because_it_looks_for_nothing(project: Path) -> None:
    workspace = project.parent / "w"
    workspace.mkdir()
    inventory = take_inventory(
        resolve_target(str(project)), READERS.packages, READERS.reports, InventoryOptions(workspace)
    )
    report = inventory_report(inventory)
    assert (len(report.observations), report.ecosystems) == (2, frozenset())


def test_what_a_distribution_brought_is_judged_by_its_advisories_alone(
    project: Path, tmp_path: Path
) -> None:
    fill(
        tmp_path / "data",
        osv("PYSEC-1", "PyPI", "six", "2.0"),
        osv("DEBIAN-CVE-2025-1", "Debian:12", "six", "1.16.0-5"),
    )
    site = "usr/lib/python3/dist-packages/six-1.16.0.dist-info"
    for path, text in {
        "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
        f"{site}/METADATA": "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n",
        "var/lib/dpkg/info/python3-six.list": f"/{site}/METADATA\n",
        "var/lib/dpkg/status": "Package: python3-six\nStatus: install ok installed\n"
        "Maintainer: Debian Python Team <team@tracker.debian.org>\nArchitecture: all\n"
        "Source: six\nVersion: 1.16.0-4\n\n",
    }.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    (project / "requirements.txt").unlink()
    report = examined(project)
    assert [o.rule.id for o in failing(report)] == ["DEBIAN-CVE-2025-1"]
    names = [o.component.name for o in report.observations if o.component]
    assert names.count("six") == 1, "it is listed all the same"
    (project / "var/lib/dpkg/info/python3-six.list").unlink()
    assert [o.rule.id for o in failing(examined(project))] == ["PYSEC-1", "DEBIAN-CVE-2025-1"]


def test_a_distribution_without_advisories_speaks_for_nothing(
    project: Path, tmp_path: Path
) -> None:
    """What Kali brought is judged by upstream's advisories: nobody else has any."""
    fill(tmp_path / "data", osv("PYSEC-1", "PyPI", "six", "2.0"))
    site = "usr/lib/python3/dist-packages/six-1.16.0.dist-info"
    for path, text in {
        "etc/os-release": "ID=kali\nID_LIKE=debian\nVERSION_CODENAME=kali-rolling\n",
        f"{site}/METADATA": "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n",
        "var/lib/dpkg/info/python3-six.list": f"/{site}/METADATA\n",
        "var/lib/dpkg/status": "Package: python3-six\nStatus: install ok installed\n"
        "Maintainer: Kali Developers <devel@kali.org>\nArchitecture: all\nVersion: 1.16.0-4\n\n",
    }.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    (project / "requirements.txt").unlink()
    report = examined(project)
    assert [o.rule.id for o in failing(report)] == ["PYSEC-1"]
    assert "OSV has no advisories for kali" in str(report.problems[0].message)

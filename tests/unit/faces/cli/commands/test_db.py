"""`vigie db`: what it prints, what it refuses, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.advisory_samples import affects, osv, write_dump, write_epss, write_kev
from tests.feed_server import FeedServer, Served, feed_server
from tests.unit.faces.cli.conftest import Call

DAY = "1768305600"  # 2026-01-13T12:00:00Z


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write_dump(tmp_path / "PyPI" / "all.zip", [osv(f"A-{n}") for n in range(1200)])


@pytest.fixture
def server(tmp_path: Path, dump: Path) -> Iterator[FeedServer]:
    with feed_server() as running:
        running.files["/osv/PyPI/all.zip"] = Served(dump.read_bytes())
        running.files["/kev"] = Served(write_kev(tmp_path / "k", "CVE-1").read_bytes())
        running.files["/epss"] = Served(write_epss(tmp_path / "e", {"CVE-1": 0.5}).read_bytes())
        yield running


def mirrors(server: FeedServer) -> dict[str, str]:
    names = {"OSV": "osv", "KEV": "kev", "EPSS": "epss"}
    return {
        "SOURCE_DATE_EPOCH": DAY,
        **{f"VIGIE_ADVISORIES__{k}": f"{server.address}/{path}" for k, path in names.items()},
    }


def test_without_a_database_it_says_how_to_get_one(vigie: Call) -> None:
    done = vigie("db")
    assert done.code == 0
    assert "no database of advisories yet" in done.err
    assert "vigie db update" in done.err
    plain = json.loads(vigie("db", "status", "--format", "json").out)
    assert (plain["feeds"], plain["stale"], plain["size"]) == ([], True, 0)


def test_an_update_then_its_status(vigie: Call, server: FeedServer) -> None:
    done = vigie("db", "update", "pypi", "kev", "epss", **mirrors(server))
    assert done.code == 0, done.err
    assert "1,200 records" in done.err
    assert "3 feeds are up to date, 0 not" in done.err
    shown = vigie("db", SOURCE_DATE_EPOCH=DAY)
    lines = {line.split()[0]: line for line in shown.out.splitlines() if line}
    assert "1,200" in lines["PyPI"] and "2026-01-01" in lines["PyPI"]
    assert "today" in lines["KEV"] and "up to date" in lines["EPSS"]
    assert "advisories.sqlite" in shown.out
    later = vigie("db", SOURCE_DATE_EPOCH=str(int(DAY) + 9 * 86400))
    assert "9 days ago" in later.out and "stale" in later.out
    assert "vigie db update" in later.out


def test_settings_name_what_a_first_update_gets(vigie: Call, server: FeedServer) -> None:
    env = {**mirrors(server), "VIGIE_ADVISORIES__ECOSYSTEMS": "PyPI"}
    assert vigie("db", "update", **env).code == 0
    assert [path for path, _ in server.asked].count("/osv/npm/all.zip") == 0
    assert {path for path, _ in server.asked} == {"/osv/PyPI/all.zip", "/kev", "/epss"}


def test_a_partial_failure_is_exit_3_and_says_what_still_holds(
    vigie: Call, server: FeedServer
) -> None:
    vigie("db", "update", "PyPI", **mirrors(server))
    server.files["/osv/PyPI/all.zip"].status = 403
    done = vigie("db", "update", "PyPI", "kev", **mirrors(server))
    assert done.code == 3
    assert "does not hand it out" in done.err
    assert "PyPI: the database still has what it had, as of 2026-01-13" in done.err
    assert "1 feed is up to date, 1 not" in done.err
    none = vigie("db", "update", "Go", **mirrors(server))
    assert none.code == 3
    assert "Go: there is nothing of it in the database" in none.err


def test_status_for_programs(vigie: Call, dump: Path, tmp_path: Path) -> None:
    odd = write_dump(tmp_path / "npm" / "all.zip",
                     [osv("N", affects("npm", "x")), {"id": "ODD", "affected": 1}])  # fmt: skip
    assert vigie("db", "import", dump).code == 0
    done = vigie("db", "import", odd)
    assert done.code == 3
    assert "ODD" in done.err
    plain = json.loads(vigie("db", "status", "--format", "json", SOURCE_DATE_EPOCH=DAY).out)
    assert plain["path"].endswith("advisories/advisories.sqlite")
    assert plain["size"] == Path(plain["path"]).stat().st_size
    assert plain["ecosystems"] == {"PyPI": 1200, "npm": 1}
    pypi, npm = plain["feeds"]
    assert (pypi["records"], pypi["state"], pypi["age_days"], pypi["stale"]) == (
        1200, "complete", 12, True,
    )  # fmt: skip
    assert (npm["unread"], npm["unread_names"], npm["state"]) == (1, ["ODD"], "partial")
    table = vigie("db", SOURCE_DATE_EPOCH=DAY).out
    assert "1 not read" in table


def test_a_bundle_between_two_machines(vigie: Call, dump: Path, tmp_path: Path) -> None:
    assert vigie("db", "import", dump).code == 0
    made = vigie("db", "export", "--new-key", "team.key")
    assert made.code == 0
    assert "Keep team.key to yourself" in made.err
    written = vigie("db", "export", "b.tar", "--key", "team.key")
    assert written.code == 0
    assert "signed with the key" in written.err
    away = {"VIGIE_DATA": str(tmp_path / "away")}
    assert vigie("db", "import", "b.tar", **away).code == 2
    taken = vigie("db", "import", "b.tar", "--trust", "team.key.pub", **away)
    assert taken.code == 0
    assert "1 feed taken in" in taken.err
    assert "PyPI" in vigie("db", **away).out
    both = vigie("db", "export", "c.tar", "--new-key", "other.key")
    assert both.code == 0 and (tmp_path / "c.tar").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("drop",), "status, update, import, export"),
        (("status", "PyPI"), "takes no names"),
        (("status", "--format", "xml"), "table, json"),
        (("status", "--all"), "--all says nothing"),
        (("update", "--trust", "x"), "--trust says nothing to vigie db update"),
        (("import", "x", "--new-key", "y"), "--new-key says nothing"),
        (("update", "PyPI", "--all"), "--all needs no names"),
        (("update", "../x"), "no ecosystem"),
        (("import",), "needs a file or a folder"),
        (("import", "none.zip"), "does not exist"),
        (("export", "b.tar"), "one key"),
        (("export",), "one bundle"),
        (("export", "a.tar", "b.tar", "--key", "k"), "one bundle"),
        (("export", "b.tar", "--key", "none"), "cannot be read"),
    ],
)
def test_wrong_usage_is_exit_2(vigie: Call, arguments: tuple[str, ...], words: str) -> None:
    done = vigie("db", *arguments)
    assert done.code == 2
    assert words in done.err
    assert "hint:" in done.err


def test_quiet_says_nothing_but_errors(vigie: Call, dump: Path) -> None:
    done = vigie("db", "import", dump, "-q")
    assert (done.code, done.err) == (0, "")


def test_it_speaks_french(vigie: Call, dump: Path, server: FeedServer) -> None:
    french = {**mirrors(server), "LANG": "fr_FR"}
    assert "Il n'y a pas encore de base d'avis" in vigie("db", **french).err
    done = vigie("db", "import", dump, **french)
    assert "1 200 enregistrements" in done.err and "1 flux pris en compte" in done.err
    shown = vigie("db", **french).out
    assert "Données du" in shown and "il y a 12 jours" in shown and "périmé" in shown
    server.files["/osv/PyPI/all.zip"].status = 404
    failed = vigie("db", "update", "PyPI", **french)
    assert "il n'y a rien à" in failed.err and "a toujours ce qu'elle avait" in failed.err
    assert "Tenir la base d'avis" in vigie("db", "--help", **french).out


def test_a_merge_knows_what_is_exploited_without_being_told(
    vigie: Call, report: Path, tmp_path: Path
) -> None:
    kev = write_kev(tmp_path / "k.json", "CVE-2024-1002")
    epss = write_epss(tmp_path / "e.gz", {"CVE-2024-1003": 0.75})
    assert vigie("db", "import", kev, epss).code == 0
    done = vigie("merge", report, "--format", "json", SOURCE_DATE_EPOCH=DAY)
    assert done.code == 0
    signals = {f["rule"]["id"]: f.get("signals", {}) for f in json.loads(done.out)["findings"]}
    assert signals["CVE-2024-1002"]["kev"] is True
    assert signals["CVE-2024-1001"]["kev"] is False
    assert signals["CVE-2024-1003"]["epss"] == 0.75
    other = write_kev(tmp_path / "other.json", "CVE-2024-1001")
    said = vigie("merge", report, "--kev", other, "--format", "json", SOURCE_DATE_EPOCH=DAY)
    signals = {f["rule"]["id"]: f.get("signals", {}) for f in json.loads(said.out)["findings"]}
    assert signals["CVE-2024-1001"]["kev"] is True
    assert signals["CVE-2024-1002"]["kev"] is False


def test_a_merge_says_that_its_feeds_are_old_or_broken(
    vigie: Call, report: Path, tmp_path: Path
) -> None:
    kev = write_kev(tmp_path / "k.json", "CVE-2024-1002", date="2020-01-01T00:00:00Z")
    dump = write_dump(tmp_path / "PyPI" / "all.zip", [osv("A")])
    vigie("db", "import", kev, dump)
    done = vigie("merge", report)
    assert done.code == 0
    assert "PyPI in the database" not in done.out + done.err
    assert "KEV in the database of advisories is of 2020-01-01" in done.out + done.err
    (tmp_path / ".local/share/vigie/advisories/advisories.sqlite").write_bytes(b"junk" * 999)
    broken = vigie("merge", report)
    assert broken.code in (0, 3)
    assert "is damaged" in broken.out + broken.err

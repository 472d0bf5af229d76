"""Files and bundles take their place in the database, all of them or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.advisory_samples import LATER, NOW, affects, osv, write_dump, write_epss, write_kev

from vigie.model.errors import UserError
from vigie.services.advisories import open_index
from vigie.services.advisory_export import export, new_key
from vigie.services.advisory_feeds import FeedOutcome
from vigie.services.advisory_import import TRUSTED, ImportOptions, import_paths


def take(folder: Path, *paths: Path, trust: tuple[Path, ...] = (), allow_older: bool = False,
         now: str = NOW) -> dict[str, FeedOutcome]:  # fmt: skip
    options = ImportOptions(now, trust, allow_older, folder)
    return {one.name: one for one in import_paths(paths, options)}


def ids(folder: Path, ecosystem: str, name: str) -> list[str]:
    index = open_index(folder)
    if index is None:
        return []
    with index:
        return [entry.advisory for entry in index.affecting(ecosystem, [name])]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def dump(tmp_path: Path, identity: str, modified: str = "2026-01-01T00:00:00Z") -> Path:
    return write_dump(tmp_path / identity / "PyPI" / "all.zip", [osv(identity, modified=modified)])


def test_files_of_every_kind_at_once(tmp_path: Path, home: Path) -> None:
    kev = write_kev(tmp_path / "k.json", "CVE-1", "CVE-2")
    epss = write_epss(tmp_path / "e.gz", {"CVE-1": 0.5})
    outcomes = take(home, dump(tmp_path, "A"), kev, epss)
    assert list(outcomes) == ["PyPI", "kev", "epss"]
    feeds = {name: one.feed for name, one in outcomes.items()}
    pypi, kevs, scores = feeds["PyPI"], feeds["kev"], feeds["epss"]
    assert pypi is not None and kevs is not None and scores is not None
    assert (pypi.published, pypi.current, pypi.fetched) == (
        "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", NOW,
    )  # fmt: skip
    assert (kevs.records, kevs.current) == (2, "2026-01-05T00:00:00Z")
    assert (scores.records, scores.current[:10]) == (1, "2026-01-06")
    assert ids(home, "PyPI", "demo") == ["A"]


def test_own_advisories_are_added_beside_the_dump(tmp_path: Path, home: Path) -> None:
    own = tmp_path / "own" / "a.json"
    own.parent.mkdir()
    own.write_text(json.dumps(osv("OURS-1", affects("PyPI", "demo"), affects("npm", "inner"))))
    outcomes = take(home, dump(tmp_path, "A"), own.parent)
    assert list(outcomes) == ["PyPI", "file:a.json"]
    assert ids(home, "PyPI", "demo") == ["A", "OURS-1"]
    assert ids(home, "npm", "inner") == ["OURS-1"]
    index = open_index(home)
    assert index is not None
    with index:
        assert index.ecosystems() == {"PyPI": 1}


def test_older_data_is_refused_unless_told(tmp_path: Path, home: Path) -> None:
    take(home, dump(tmp_path, "NEW", "2026-01-02T00:00:00Z"))
    old = dump(tmp_path, "OLD")
    with pytest.raises(UserError, match="older than what is there"):
        take(home, old)
    assert ids(home, "PyPI", "demo") == ["NEW"]
    take(home, old, allow_older=True)
    assert ids(home, "PyPI", "demo") == ["OLD"]
    take(home, old)


def test_all_or_nothing(tmp_path: Path, home: Path) -> None:
    take(home, dump(tmp_path, "A"))
    broken = tmp_path / "broken.json"
    broken.write_text('{"vulnerabilities": [{"cveID": 7}]}')
    with pytest.raises(UserError):
        take(home, dump(tmp_path, "B", "2026-02-02T00:00:00Z"), broken)
    assert ids(home, "PyPI", "demo") == ["A"]
    with pytest.raises(UserError, match="does not exist"):
        take(home, tmp_path / "none")
    with pytest.raises(UserError, match="twice"):
        take(home, dump(tmp_path, "C"), dump(tmp_path, "D"))


def test_unread_records_are_told(tmp_path: Path, home: Path) -> None:
    path = write_dump(tmp_path / "PyPI" / "all.zip", [osv("A"), {"id": "ODD", "affected": 1}])
    problem = take(home, path)["PyPI"].problem
    assert problem is not None and "ODD" in str(problem.message)


def test_a_bundle_goes_from_one_machine_to_another(tmp_path: Path, home: Path) -> None:
    kev = write_kev(tmp_path / "k.json", "CVE-1")
    take(home, dump(tmp_path, "A"), kev)
    public = new_key(tmp_path / "team.key")
    bundle = tmp_path / "b.tar"
    done = export(bundle, tmp_path / "team.key", LATER, folder=home)
    assert done.size == bundle.stat().st_size > 10_000

    away = tmp_path / "away"
    with pytest.raises(UserError, match="not trusted"):
        take(away, bundle)
    assert open_index(away) is None
    own = write_dump(tmp_path / "npm" / "all.zip", [osv("N", affects("npm", "x"))])
    take(away, own)
    outcomes = take(away, bundle, trust=(public,), now=LATER)
    assert list(outcomes) == ["PyPI", "kev"]
    assert (ids(away, "PyPI", "demo"), ids(away, "npm", "x")) == (["A"], ["N"])
    with open_index(home) as theirs, open_index(away) as ours:  # type: ignore[union-attr]
        assert [f for f in ours.feeds if f.name != "npm"] == list(theirs.feeds)
        assert dict(ours.kev) == dict(theirs.kev)


def test_a_key_that_is_kept_needs_no_naming(tmp_path: Path, home: Path) -> None:
    take(home, dump(tmp_path, "A"))
    public = new_key(tmp_path / "team.key")
    export(tmp_path / "b.tar", tmp_path / "team.key", NOW, folder=home)
    away = tmp_path / "away"
    (away / TRUSTED).mkdir(parents=True)
    public.rename(away / TRUSTED / "team.pub")
    assert take(away, tmp_path / "b.tar")["PyPI"].changed


def test_an_older_bundle_is_refused_unless_told(tmp_path: Path, home: Path) -> None:
    take(home, dump(tmp_path, "OLD"))
    public = new_key(tmp_path / "team.key")
    export(tmp_path / "old.tar", tmp_path / "team.key", NOW, folder=home)
    away = tmp_path / "away"
    take(away, dump(tmp_path, "NEW", "2026-01-09T00:00:00Z"))
    with pytest.raises(UserError, match="older than what is there"):
        take(away, tmp_path / "old.tar", trust=(public,))
    assert ids(away, "PyPI", "demo") == ["NEW"]
    take(away, tmp_path / "old.tar", trust=(public,), allow_older=True)
    assert ids(away, "PyPI", "demo") == ["OLD"]


def test_an_altered_bundle_changes_nothing(tmp_path: Path, home: Path) -> None:
    take(home, dump(tmp_path, "A"))
    public = new_key(tmp_path / "team.key")
    bundle = tmp_path / "b.tar"
    export(bundle, tmp_path / "team.key", NOW, folder=home)
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    with pytest.raises(UserError, match="not as it was signed"):
        take(home, bundle, trust=(public,))
    assert ids(home, "PyPI", "demo") == ["A"]
    assert sorted(p.name for p in home.iterdir()) == [".lock", "advisories.sqlite"]


def test_nothing_to_export_or_no_place_for_it(tmp_path: Path, home: Path) -> None:
    new_key(tmp_path / "k")
    with pytest.raises(UserError, match="no database"):
        export(tmp_path / "b.tar", tmp_path / "k", NOW, folder=home)
    take(home, dump(tmp_path, "A"))
    with pytest.raises(UserError, match="cannot be written"):
        export(tmp_path / "none" / "b.tar", tmp_path / "k", NOW, folder=home)
    with pytest.raises(UserError, match="cannot be read"):
        export(tmp_path / "b.tar", tmp_path / "none", NOW, folder=home)

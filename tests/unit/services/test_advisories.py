"""Where the database lies, and that there may be none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.advisory_samples import NOW, osv, write_dump

from vigie.services.advisories import advisories_folder, database_path, open_index
from vigie.services.advisory_import import ImportOptions, import_paths


def test_it_lies_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert advisories_folder({"VIGIE_DATA": "/d"}) == Path("/d/advisories")
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path))
    assert database_path() == tmp_path / "advisories" / "advisories.sqlite"
    assert open_index() is None
    path = write_dump(tmp_path / "PyPI" / "all.zip", [osv("A")])
    import_paths([path], ImportOptions(NOW))
    index = open_index()
    assert index is not None
    with index:
        assert index.path == database_path()
        assert [entry.advisory for entry in index.affecting("PyPI", ["demo"])] == ["A"]

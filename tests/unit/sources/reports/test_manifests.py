from __future__ import annotations

import pytest

from vigie.sources.reports.manifests import manifest_system


@pytest.mark.parametrize(
    ("path", "system"),
    [
        ("app/requirements-dev.txt", "pypi"),
        ("requirements3.txt", "pypi"),
        ("notrequirements.txt", ""),
        ("web\\Package-Lock.json", "npm"),
        ("Shop.csproj", "nuget"),
        ("go.sum", "golang"),
        ("README.md", ""),
        ("", ""),
    ],
)
def test_file_tells_whose_packages_it_lists(path: str, system: str) -> None:
    assert manifest_system(path) == system

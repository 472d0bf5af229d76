"""One package that ships and one that is for development."""

from __future__ import annotations

_CONFIG = """\
<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="Demo.Web" version="2.0.0" targetFramework="net472" />
  <package id="Demo.Analyzer" version="1.0.0" developmentDependency="true" />
</packages>
"""

SAMPLES = [
    (
        {"packages.config": _CONFIG},
        [
            ("pkg:nuget/Demo.Web@2.0.0", "2.0.0", "packages.config"),
            ("pkg:nuget/Demo.Analyzer@1.0.0", "1.0.0", "packages.config"),
        ],
    )
]

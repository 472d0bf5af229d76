"""What was restored for one project of a solution."""

from __future__ import annotations

_ASSETS = """\
{
  "version": 3,
  "targets": {
    "net6.0": {
      "Demo.Web/2.0.0": { "type": "package", "dependencies": { "Demo.Core": "1.0.0" } },
      "Demo.Core/1.0.0": { "type": "package" },
      "Part/1.0.0": { "type": "project" }
    }
  },
  "libraries": {
    "Demo.Core/1.0.0": { "type": "package", "path": "demo.core/1.0.0" },
    "Demo.Web/2.0.0": { "type": "package", "path": "demo.web/2.0.0" },
    "Part/1.0.0": { "type": "project", "path": "../Part/Part.csproj" }
  },
  "project": { "frameworks": { "net6.0": { "dependencies": { "Demo.Web": {} } } } }
}
"""

SAMPLES = [
    (
        {"obj/project.assets.json": _ASSETS},
        [
            ("pkg:nuget/Demo.Core@1.0.0", "1.0.0", "obj/project.assets.json"),
            ("pkg:nuget/Demo.Web@2.0.0", "2.0.0", "obj/project.assets.json"),
        ],
    )
]

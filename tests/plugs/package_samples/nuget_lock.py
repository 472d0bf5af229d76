"""Two frameworks with one package of two versions, and a project of the solution."""

from __future__ import annotations

_LOCK = """\
{
  "version": 2,
  "dependencies": {
    "net6.0": {
      "Demo.Web": {
        "type": "Direct",
        "requested": "[2.0.0, )",
        "resolved": "2.0.0",
        "dependencies": { "Demo.Core": "1.0.0" }
      },
      "Demo.Core": { "type": "Transitive", "resolved": "1.0.0" },
      "demo.part": { "type": "Project", "dependencies": { "Demo.Log": "[3.0.0, )" } },
      "Demo.Log": { "type": "CentralTransitive", "resolved": "3.0.0" }
    },
    "net8.0": {
      "Demo.Core": { "type": "Transitive", "resolved": "1.1.0" }
    }
  }
}
"""

SAMPLES = [
    (
        {"src/packages.lock.json": _LOCK},
        [
            ("pkg:nuget/Demo.Web@2.0.0", "2.0.0", "src/packages.lock.json"),
            ("pkg:nuget/Demo.Core@1.0.0", "1.0.0", "src/packages.lock.json"),
            ("pkg:nuget/Demo.Log@3.0.0", "3.0.0", "src/packages.lock.json"),
            ("pkg:nuget/Demo.Core@1.1.0", "1.1.0", "src/packages.lock.json"),
        ],
    )
]

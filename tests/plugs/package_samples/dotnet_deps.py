"""A program with a package, what that needs, and the runtime it brings along."""

from __future__ import annotations

_DEPS = """\
{
  "runtimeTarget": { "name": ".NETCoreApp,Version=v6.0/linux-x64" },
  "targets": {
    ".NETCoreApp,Version=v6.0": {},
    ".NETCoreApp,Version=v6.0/linux-x64": {
      "Shop/1.0.0": {
        "dependencies": { "Demo.Web": "2.0.0", "runtimepack.Demo.Runtime.linux-x64": "6.0.1" }
      },
      "Demo.Web/2.0.0": { "dependencies": { "Demo.Core": "1.0.0" } },
      "Demo.Core/1.0.0": {}
    }
  },
  "libraries": {
    "Shop/1.0.0": { "type": "project", "serviceable": false },
    "runtimepack.Demo.Runtime.linux-x64/6.0.1": { "type": "runtimepack" },
    "Demo.Web/2.0.0": { "type": "package", "serviceable": true },
    "Demo.Core/1.0.0": { "type": "package" }
  }
}
"""

SAMPLES = [
    (
        {"app/Shop.deps.json": _DEPS},
        [
            ("pkg:nuget/Demo.Runtime.linux-x64@6.0.1", "6.0.1", "app/Shop.deps.json"),
            ("pkg:nuget/Demo.Web@2.0.0", "2.0.0", "app/Shop.deps.json"),
            ("pkg:nuget/Demo.Core@1.0.0", "1.0.0", "app/Shop.deps.json"),
        ],
    )
]

"""Both generations of the file."""

from __future__ import annotations

_ONE = """\
{
  "graph_lock": {
    "nodes": {
      "0": { "ref": "shop/None", "requires": ["1"] },
      "1": { "ref": "demo-core/1.0.0@demo/stable#0123", "context": "host" },
      "2": { "ref": "demo-tool/3.0", "context": "build" }
    }
  },
  "version": "0.4"
}
"""
_TWO = """\
{
  "version": "0.5",
  "requires": ["demo-web/2.0.0#0123%1700000000.1", "demo-core/1.0.0#0123%1700000000.2"],
  "build_requires": ["demo-tool/3.0#0123%1700000000.3"],
  "python_requires": []
}
"""

SAMPLES = [
    (
        {"conan.lock": _ONE},
        [
            ("pkg:conan/demo-core@1.0.0", "1.0.0", "conan.lock"),
            ("pkg:conan/demo-tool@3.0", "3.0", "conan.lock"),
        ],
    ),
    (
        {"conan.lock": _TWO},
        [
            ("pkg:conan/demo-web@2.0.0", "2.0.0", "conan.lock"),
            ("pkg:conan/demo-core@1.0.0", "1.0.0", "conan.lock"),
            ("pkg:conan/demo-tool@3.0", "3.0", "conan.lock"),
        ],
    ),
]

"""Versions 1 and 2; addresses in every spelling; a branch; a folder."""

from __future__ import annotations

_ONE = """\
{
  "object": {
    "pins": [
      {
        "package": "demo",
        "repositoryURL": "git@git.example:demo/Core.git",
        "state": { "branch": null, "revision": "0123abc", "version": "1.0.0" }
      }
    ]
  },
  "version": 1
}
"""
_TWO = """\
{
  "pins": [
    {
      "identity": "web",
      "kind": "remoteSourceControl",
      "location": "https://git.example/demo/web",
      "state": { "revision": "0123abc", "version": "2.0.0" }
    },
    {
      "identity": "next",
      "kind": "remoteSourceControl",
      "location": "ssh://git@git.example/demo/next.git",
      "state": { "branch": "main", "revision": "0123abc" }
    },
    { "identity": "here", "kind": "localSourceControl", "location": "/home/demo/here" }
  ],
  "version": 2
}
"""

SAMPLES = [
    (
        {"Package.resolved": _ONE},
        [("pkg:swift/git.example/demo/Core@1.0.0", "1.0.0", "Package.resolved")],
    ),
    (
        {"Package.resolved": _TWO},
        [
            ("pkg:swift/git.example/demo/web@2.0.0", "2.0.0", "Package.resolved"),
            ("pkg:swift/git.example/demo/next", "", "Package.resolved"),
        ],
    ),
]

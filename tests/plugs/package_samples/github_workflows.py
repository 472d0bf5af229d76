"""Tags, a commit with its version remarked, a part of a repository, a reusable workflow."""

from __future__ import annotations

_PATH = ".github/workflows/ci.yml"
_FLOW = """\
name: ci
on: [push]
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: demo/checkout@v4
      - uses: demo/cache@0123456789abcdef0123456789abcdef01234567 # v3.2.1
      - name: run
        run: make
      - {uses: demo/tools/lint@1.0}
      - uses: ./.github/actions/here
      - uses: docker://alpine:3.20
  share:
    uses: demo/flows/.github/workflows/share.yml@main
"""

SAMPLES = [
    (
        {
            _PATH: _FLOW,
            "action.yml": "runs:\n  using: composite\n  steps:\n    - uses: demo/setup@v2\n",
        },
        [
            ("pkg:github/demo/checkout@v4", "v4", _PATH),
            ("pkg:github/demo/cache@v3.2.1", "v3.2.1", _PATH),
            ("pkg:github/demo/tools@1.0", "1.0", _PATH),
            ("pkg:github/demo/flows@main", "main", _PATH),
            ("pkg:github/demo/setup@v2", "v2", "action.yml"),
        ],
    )
]

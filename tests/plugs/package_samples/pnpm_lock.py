"""Versions 5, 6 and 9: scopes, peers, an alias, a clone, a folder, what is only for development."""

from __future__ import annotations

_FIVE = """\
lockfileVersion: 5.4
specifiers:
  '@demo/a': ^1.0.0
  demo-alias: npm:demo-b@2.0.0
dependencies:
  '@demo/a': 1.0.1_demo-b@2.0.0
  demo-alias: /demo-b/2.0.0
packages:
  /@demo/a/1.0.1_demo-b@2.0.0:
    resolution: {integrity: sha512-AAAA}
    peerDependencies: {demo-b: '*'}
    dependencies:
      demo-b: 2.0.0
    dev: false
  /demo-b/2.0.0:
    resolution: {integrity: sha512-AAAA}
    dev: false
  file:here:
    resolution: {directory: here, type: directory}
    name: demo-here
    version: 0.0.1
    dev: false
"""

_SIX = """\
lockfileVersion: '6.0'
devDependencies:
  '@demo/a':
    specifier: ^1.0.0
    version: 1.0.1(demo-b@2.0.0)
packages:
  /@demo/a@1.0.1(demo-b@2.0.0):
    resolution: {integrity: sha512-AAAA}
    dependencies:
      demo-b: 2.0.0
    dev: true
  /demo-b@2.0.0:
    resolution: {integrity: sha512-AAAA}
    dev: true
  git.example/demo/c/0123456789abcdef0123456789abcdef01234567:
    resolution: {commit: 0123456789abcdef0123456789abcdef01234567, repo: https://git.example/demo/c.git, type: git}
    name: demo-c
    version: 0.2.0
    dev: true
"""  # noqa: E501

_NINE = """\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@demo/a':
        specifier: ^1.0.0
        version: 1.0.1(demo-b@2.0.0)
      demo-alias:
        specifier: npm:demo-c@3.10
        version: demo-c@3.10
  parts/one:
    dependencies:
      demo-shop:
        specifier: workspace:*
        version: link:../..
packages:
  '@demo/a@1.0.1':
    resolution: {integrity: sha512-AAAA}
    peerDependencies:
      demo-b: '*'
  demo-b@2.0.0:
    resolution: {integrity: sha512-AAAA}
  demo-c@3.10:
    resolution: {integrity: sha512-AAAA}
  demo-here@file:here:
    resolution: {directory: here, type: directory}
snapshots:
  '@demo/a@1.0.1(demo-b@2.0.0)':
    dependencies:
      demo-b: 2.0.0
  demo-b@2.0.0: {}
  demo-c@3.10: {}
  demo-here@file:here: {}
"""

_PATH = "pnpm-lock.yaml"
SAMPLES = [
    (
        {_PATH: _FIVE},
        [("pkg:npm/%40demo/a@1.0.1", "1.0.1", _PATH), ("pkg:npm/demo-b@2.0.0", "2.0.0", _PATH)],
    ),
    (
        {_PATH: _SIX},
        [
            ("pkg:npm/%40demo/a@1.0.1", "1.0.1", _PATH),
            ("pkg:npm/demo-b@2.0.0", "2.0.0", _PATH),
            ("pkg:npm/demo-c@0.2.0", "0.2.0", _PATH),
        ],
    ),
    (
        {_PATH: _NINE},
        [
            ("pkg:npm/%40demo/a@1.0.1", "1.0.1", _PATH),
            ("pkg:npm/demo-b@2.0.0", "2.0.0", _PATH),
            ("pkg:npm/demo-c@3.10", "3.10", _PATH),
        ],
    ),
]

"""Packages of a registry and of a clone; what the SDK and a folder bring is left out."""

from __future__ import annotations

_LOCK = """\
packages:
  demo_web:
    dependency: "direct main"
    description:
      name: demo_web
      url: "https://pub.example"
    source: hosted
    version: "2.10"
  demo_git:
    dependency: "direct dev"
    description:
      path: "."
      ref: main
      resolved-ref: "0123456789abcdef0123456789abcdef01234567"
      url: "https://git.example/demo.git"
    source: git
    version: "0.3.0"
  demo_core:
    dependency: transitive
    description: {name: demo_core, url: "https://pub.example"}
    source: hosted
    version: "1.0.0"
  demo_sdk:
    dependency: "direct main"
    description: flutter
    source: sdk
    version: "0.0.0"
  demo_here:
    dependency: "direct main"
    description: {path: "parts/one", relative: true}
    source: path
    version: "0.1.0"
sdks:
  dart: ">=3.0.0 <4.0.0"
"""

SAMPLES = [
    (
        {"pubspec.lock": _LOCK},
        [
            ("pkg:pub/demo_web@2.10", "2.10", "pubspec.lock"),
            ("pkg:pub/demo_git@0.3.0", "0.3.0", "pubspec.lock"),
            ("pkg:pub/demo_core@1.0.0", "1.0.0", "pubspec.lock"),
        ],
    )
]

"""Parts of one pod, what a pod needs, a clone, a folder."""

from __future__ import annotations

_LOCK = """\
PODS:
  - DemoCore (1.0.0)
  - DemoGit (0.3.0)
  - DemoHere (0.1.0)
  - DemoWeb (2.10):
    - DemoWeb/Session (= 2.10)
  - DemoWeb/Session (2.10):
    - DemoCore (~> 1.0)

DEPENDENCIES:
  - DemoGit (from `https://git.example/demo.git`)
  - DemoHere (from `parts/one`)
  - DemoWeb (~> 2.10)

EXTERNAL SOURCES:
  DemoGit:
    :git: https://git.example/demo.git
  DemoHere:
    :path: parts/one

CHECKOUT OPTIONS:
  DemoGit:
    :commit: 0123abc
    :git: https://git.example/demo.git

COCOAPODS: 1.15.2
"""

SAMPLES = [
    (
        {"ios/Podfile.lock": _LOCK},
        [
            ("pkg:cocoapods/DemoCore@1.0.0", "1.0.0", "ios/Podfile.lock"),
            ("pkg:cocoapods/DemoGit@0.3.0", "0.3.0", "ios/Podfile.lock"),
            ("pkg:cocoapods/DemoWeb@2.10", "2.10", "ios/Podfile.lock"),
        ],
    )
]

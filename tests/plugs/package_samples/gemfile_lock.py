"""A registry with two platforms of one gem, a clone, and a path, which is the project's own."""

from __future__ import annotations

_LOCK = """\
GIT
  remote: https://git.example/demo.git
  revision: 0123456789abcdef0123456789abcdef01234567
  tag: v0.3.0
  specs:
    demo-git (0.3.0)
      demo-core (>= 1.0)

PATH
  remote: parts/one
  specs:
    demo-part (0.1.0)

GEM
  remote: https://gems.example/
  specs:
    demo-core (1.0.0)
    demo-native (1.13.0)
      demo-core (~> 1.0)
    demo-native (1.13.0-x86_64-linux)
      demo-core (~> 1.0)
    demo-web (2.0.0.pre.1)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  demo-git!
  demo-part!
  demo-web (~> 2.0.0.pre)

BUNDLED WITH
   2.3.15
"""

SAMPLES = [
    (
        {path: _LOCK},
        [
            ("pkg:gem/demo-git@0.3.0", "0.3.0", path),
            ("pkg:gem/demo-core@1.0.0", "1.0.0", path),
            ("pkg:gem/demo-native@1.13.0", "1.13.0", path),
            ("pkg:gem/demo-web@2.0.0.pre.1", "2.0.0.pre.1", path),
        ],
    )
    for path in ("Gemfile.lock", "app/gems.locked")
]

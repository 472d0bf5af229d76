"""With RubyGems' own first line, and without it."""

from __future__ import annotations

_A = "var/lib/gems/3.1.0/specifications/demo-web-2.0.0.gemspec"
_B = "usr/lib/ruby/gems/3.1.0/specifications/default/demo-core-1.0.gemspec"

SAMPLES = [
    (
        {
            _A: """\
# -*- encoding: utf-8 -*-
# stub: demo-web 2.0.0 ruby lib

Gem::Specification.new do |s|
  s.name = "demo-web".freeze
  s.version = "2.0.0"
  s.licenses = ["MIT".freeze, "Ruby".freeze]
  s.add_runtime_dependency(%q<demo-core>.freeze, ["~> 1.0"])
  s.add_development_dependency(%q<demo-test>.freeze, [">= 0"])
end
""",
            _B: """\
Gem::Specification.new do |spec|
  spec.name    = "demo-core"
  spec.version = Gem::Version.new("1.0")
end
""",
        },
        [
            ("pkg:gem/demo-core@1.0", "1.0", _B),
            ("pkg:gem/demo-web@2.0.0", "2.0.0", _A),
        ],
    )
]

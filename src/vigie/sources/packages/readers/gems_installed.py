"""Installed gems: the gemspecs that RubyGems writes into its specifications folders.

Source: RubyGems, `Gem::Specification#to_ruby` and "Specification reference".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vigie.model.inventory import Package
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._records import package, text_of

_MOST = 4 * 1024**2  # bytes
# "# stub: name version platform require-paths", which RubyGems itself reads first.
_STUB = re.compile(r"^# stub: (\S+) (\S+) (\S+)", re.MULTILINE)
_NAME = re.compile(r"""^[ \t]*+\w+\.name\s*=\s*["']([^"'#]+)["']""", re.MULTILINE)
_VERSION = re.compile(
    r"""^[ \t]*+\w+\.version\s*=\s*(?:Gem::Version\.new\s*\(?\s*)?["']([^"'#]+)["']""", re.MULTILINE
)
_LICENCES = re.compile(r"^[ \t]*+\w+\.licenses?\s*=\s*([^\n]+)$", re.MULTILINE)
_QUOTED = re.compile(r"""["']([^"'\n]*)["']""")
_NEEDS = re.compile(
    r"""^[ \t]*+\w+\.add_(?:runtime_)?dependency\s*\(\s*(?:%q<([^>\n]+)>|["']([^"'\n]+)["'])""",
    re.MULTILINE,
)


class _GemsInstalled:
    name = "gems-installed"
    label = "installed gems"
    types = frozenset({"gem"})
    patterns: Sequence[str] = ("specifications/*.gemspec", "specifications/default/*.gemspec")
    binaries = False
    installed = True

    def read(self, file: PackageFile, _around: Surroundings) -> Iterator[Package]:
        """The gem that this specification belongs to. It is Ruby and is not run: what is not
        written as RubyGems writes it is not found."""
        text = text_of(file, _MOST)
        stub = _STUB.search(text)
        name, version = (stub[1], stub[2]) if stub else ("", "")
        if not stub:
            named, numbered = _NAME.search(text), _VERSION.search(text)
            name, version = (named[1] if named else ""), (numbered[1] if numbered else "")
        if not name or not version:
            raise ValueError("it names no gem and version in plain text")
        licences = _LICENCES.search(text)
        yield package(
            "gem",
            name,
            version,
            licences=[one for one in _QUOTED.findall(licences[1]) if one] if licences else (),
            requires=[quoted or plain for quoted, plain in _NEEDS.findall(text)],
        )


READER = _GemsInstalled()

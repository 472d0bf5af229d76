"""A go.mod of today, and an older one whose indirect modules stand in go.sum."""

from __future__ import annotations

_TODAY = """\
module example.org/shop // the shop

go 1.22.1

toolchain go1.22.4

require example.org/Demo/v2 v2.1.0
require (
	example.org/text v0.3.7 // indirect; see the notes
	example.org/fork v1.0.0
	example.org/own v0.0.0
	"example.org/quoted" v1.5.0+incompatible
	example.org/refused v1.0.0
)

replace (
	example.org/fork v1.0.0 => example.org/better/fork v1.0.1
	example.org/own => ../own
)
exclude example.org/refused v1.0.0
retract [v1.0.0, v1.0.5]
"""
_OLD = "module example.org/old\n\ngo 1.15\n\nrequire example.org/demo v1.0.0\n"
_SUMS = """\
example.org/demo v1.0.0 h1:aaaa=
example.org/demo v1.0.0/go.mod h1:bbbb=
example.org/below v0.9.0 h1:cccc=
example.org/below v0.10.0 h1:dddd=
example.org/unused v3.0.0/go.mod h1:eeee=
"""

SAMPLES = [
    (
        {"shop/go.mod": _TODAY},
        [
            ("pkg:golang/stdlib@1.22.4", "1.22.4", "shop/go.mod"),
            ("pkg:golang/example.org/demo/v2@v2.1.0", "v2.1.0", "shop/go.mod"),
            ("pkg:golang/example.org/text@v0.3.7", "v0.3.7", "shop/go.mod"),
            ("pkg:golang/example.org/better/fork@v1.0.1", "v1.0.1", "shop/go.mod"),
            (
                "pkg:golang/example.org/quoted@v1.5.0%2Bincompatible",
                "v1.5.0+incompatible",
                "shop/go.mod",
            ),
        ],
    ),
    (
        {"go.mod": _OLD, "go.sum": _SUMS},
        [
            ("pkg:golang/example.org/demo@v1.0.0", "v1.0.0", "go.mod"),
            ("pkg:golang/example.org/below@v0.10.0", "v0.10.0", "go.mod"),
        ],
    ),
]

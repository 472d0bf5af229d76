"""Tuples of every generation of Hex, the older arrow, a clone with and without a tag."""

from __future__ import annotations

_LOCK = """\
# a remark
%{
  "demo_core": {:hex, :demo_core, "1.0.0", "ab\\"cd", [:mix], [], "hexpm", "00"},
  "demo_web": {:hex, :demo_web, "2.0.0-rc.1", "00", [:make, :rebar3], [{:demo_core, "~> 1.0", \
[hex: :demo_core, repo: "hexpm", optional: false]}], "hexpm", "00"},
  "demo_alias": {:hex, :demo_real, "3.0.0"},
  "demo_old" => {:hex, :demo_old, "0.1.0"},
  "demo_git": {:git, "https://git.example/demo.git", "0123abc", [tag: "v0.3.0"]},
  demo_bare: {:git, "https://git.example/bare.git", "0123abc", []},
}
"""

SAMPLES = [
    (
        {"mix.lock": _LOCK},
        [
            ("pkg:hex/demo_core@1.0.0", "1.0.0", "mix.lock"),
            ("pkg:hex/demo_web@2.0.0-rc.1", "2.0.0-rc.1", "mix.lock"),
            ("pkg:hex/demo_real@3.0.0", "3.0.0", "mix.lock"),
            ("pkg:hex/demo_old@0.1.0", "0.1.0", "mix.lock"),
            ("pkg:hex/demo_git@0.3.0", "0.3.0", "mix.lock"),
            ("pkg:hex/demo_bare", "", "mix.lock"),
        ],
    )
]

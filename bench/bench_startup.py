"""How long one waits for the command line."""

from __future__ import annotations

from collections.abc import Iterator

from bench.measuring import Row, corpus, run, vigie

TITLE = "Start-up"
ABOUT = (
    "Wall clock of the whole process, best of 7. Aim: help under 0.3 s, a small merge under 1 s."
)


def measure() -> Iterator[Row]:
    report = str(corpus("reports", "trivy", "scheme_2_many_vulns.json"))
    for label, arguments in (
        ("vigie --help", ["--help"]),
        ("vigie merge of a small Trivy report", ["merge", report]),
    ):
        seconds = min(run(vigie(*arguments)).seconds for _ in range(7))
        yield {"command": label, "seconds": f"{seconds:.2f}"}

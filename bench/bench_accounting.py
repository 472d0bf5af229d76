"""Nothing is lost: records = observations + problems, for every report of the corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bench.measuring import Row, corpus
from vigie.services.intake import read_file
from vigie.wiring.plugs import REPORTS, Plugs

TITLE = "Every record is accounted for"
ABOUT = (
    "Each report of the corpus is read; the records are counted from the document before "
    "anything is made of them."
)


def measure() -> Iterator[Row]:
    parsers = Plugs(REPORTS)
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    folders = (corpus("reports"), corpus("pairs"))
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.is_file()):
        readings = read_file(path, parsers)
        for number, reading in enumerate(readings):
            run = reading.run
            lost = sum(bool(problem.record) for problem in run.problems)
            if run.records != run.observations + lost:
                raise RuntimeError(f"{path}: {run.records} records, {run.observations} + {lost}")
            total = totals[run.format]
            total[0] += number == 0
            total[1] += run.records
            total[2] += run.observations
            total[3] += lost
    totals["**all**"] = [sum(column) for column in zip(*totals.values(), strict=True)]
    for name, (files, records, observations, problems) in totals.items():
        yield {
            "format": name,
            "files": files,
            "records": records,
            "observations": observations,
            "problems": problems,
        }

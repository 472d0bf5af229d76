"""HTML: one file that stands alone. It opens without a network, a server or an install.

Without JavaScript it is a readable page: summary, charts, plan, the first findings, the runs.
With it, every finding can be searched, filtered, sorted and opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vigie.model.findings import Finding
from vigie.model.results import Result
from vigie.model.text import T
from vigie.outlets.documents.html.assets import bundle, templates
from vigie.outlets.documents.html.charts import charts
from vigie.outlets.documents.html.data import blocks
from vigie.outlets.documents.html.labels import PAGE, spoken
from vigie.outlets.documents.html.overview import cards, left_out, shown_things, things
from vigie.outlets.documents.html.rows import static_row
from vigie.outlets.documents.html.runs import (
    MOST_ROWS,
    asset_rows,
    cut,
    plan_sentence,
    plan_steps,
    run_rows,
    unassessed,
    verdict,
)
from vigie.outlets.documents.html.tally import tally
from vigie.outlets.phrases import caveats, sentences
from vigie.outlets.phrases.figures import local, number
from vigie.outlets.phrases.labels import OUTCOME
from vigie.outlets.phrases.subjects import asset_names, ranked, short
from vigie.outlets.stream import gathered
from vigie.ports.outlets import Part, View
from vigie.ports.plugs import NOTHING

_MOST_PROBLEMS = 12


class HtmlDocument:
    format = "html"
    label = "HTML"
    suffix = ".html"
    media_type = "text/html"
    binary = False
    needs = NOTHING

    def render(self, result: Result, view: View) -> Iterator[Part]:
        yield Part(gathered(_pieces(result, view)))


OUTLET = HtmlDocument()


def _pieces(result: Result, view: View) -> Iterator[bytes]:
    findings = ranked(result.findings)
    page = _page(result, findings, view)
    environment = templates()
    for text in environment.get_template("page.html.jinja").generate(page):
        yield text.encode("utf-8", "replace")
    yield from blocks(result, findings, view.words)
    ending = environment.get_template("end.html.jinja").render(script=bundle().script)
    yield ending.encode()


def _page(result: Result, findings: list[Finding], view: View) -> dict[str, Any]:
    words = view.words
    counts = tally(findings)
    known = {finding.fingerprint: finding for finding in findings}
    groups = things(findings, result)
    missing = unassessed(result)
    names = asset_names(result, words)
    return {
        "lang": words.lang,
        "t": spoken(PAGE, words),
        "bundle": bundle(),
        "target": short(result.target),
        "created": result.created,
        "created_words": local(result.created),
        "scanners": list(dict.fromkeys(run.tool for run in result.runs)),
        "assets": asset_rows(result, words),
        "gate": verdict(result.gate, known, words),
        "headline": [sentences.headline(result, words), *sentences.second(result, words)],
        "complete": sentences.is_whole(result),
        "caveats": caveats.caveats_of(result, words, _MOST_PROBLEMS),
        "outcomes": {outcome: words(text) for outcome, text in OUTCOME.items()},
        "things": shown_things(groups, result, words),
        "more_things": left_out(groups, words),
        "cards": cards(counts, words),
        "charts": charts(counts, result.plan, words),
        "counted": counts.total,
        "total": len(findings),
        "total_words": number(len(findings), words.lang),
        "settled": number(counts.settled, words.lang) if counts.settled else "",
        "settled_words": words(
            T("{count} set aside or fixed", "{count} set aside or fixed", count=counts.settled)
        ),
        "steps": plan_steps(result, known, words),
        "plan_cut": cut(len(result.plan.steps), words),
        "plan_sentence": plan_sentence(result, words),
        "rows": [
            static_row(finding, names.get(finding.asset, finding.asset), words)
            for finding in findings[:MOST_ROWS]
        ],
        "rows_cut": cut(len(findings), words),
        "unassessed": missing[:MOST_ROWS],
        "unassessed_cut": cut(len(missing), words),
        "unassessed_total": number(len(result.not_assessed), words.lang),
        "runs": run_rows(result, words),
        "made_by": words(
            T("Made by Vigie {version}. Nothing in this file leaves it.", version=view.version)
        ),
    }

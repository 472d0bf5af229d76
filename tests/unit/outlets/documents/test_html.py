"""The HTML document: what stands in the file, and what must never."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from tests.plugs import sample_result

from vigie.model.components import Component
from vigie.model.findings import Decision, Finding, Instance, Priority
from vigie.model.observations import Kind, Location, Observation, Rule
from vigie.model.results import GateOutcome, GateResult, Result, Ruling, Step
from vigie.model.text import T
from vigie.outlets.documents.html import OUTLET
from vigie.outlets.documents.html.charts import charts
from vigie.outlets.documents.html.data import ROW
from vigie.outlets.documents.html.figures import age_in_days, requirement
from vigie.outlets.documents.html.labels import PAGE
from vigie.outlets.documents.html.script_words import SCRIPT
from vigie.outlets.documents.html.tally import tally
from vigie.outlets.documents.html.values import Values, embed
from vigie.outlets.phrases.subjects import ranked
from vigie.outlets.stream import encode
from vigie.ports.outlets import View

SEPARATOR = "\u2028"
HOSTILE = f"\"'><script>alert(1)</script><img src=x onerror=alert(2)><!-- </style> {SEPARATOR}"


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[tuple[dict[str, str | None], str]]] = {
            "script": [], "style": [], "title": [],
        }  # fmt: skip
        self.words: list[str] = []
        self._open: str = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.inside:
            self._open = tag
            self.inside[tag].append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            attributes, text = self.inside[self._open][-1]
            self.inside[self._open][-1] = (attributes, text + data)
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def blocks(self, name: str) -> list[tuple[int, Any]]:
        return [
            (int(attributes["data-start"] or 0), json.loads(text))
            for attributes, text in self.inside["script"]
            if attributes.get("data-block") == name
        ]

    @property
    def scripts(self) -> list[str]:
        return [text for attributes, text in self.inside["script"] if "type" not in attributes]


def written(result: Result, view: View | None = None) -> str:
    (part,) = OUTLET.render(result, view or sample_result.english())
    assert part.name == ""
    return b"".join(part.chunks).decode("utf-8")


def page_of(result: Result, view: View | None = None) -> Page:
    return Page(written(result, view))


@pytest.fixture(scope="module")
def rich() -> Page:
    return page_of(sample_result.rich())


def hostile_result() -> Result:
    rule = Rule(
        HOSTILE, (HOSTILE,), HOSTILE, HOSTILE,
        ("javascript:alert(1)", "data:text/html,<script>", "https://ok.example/a"),
    )  # fmt: skip
    observation = Observation(
        HOSTILE, Kind.WEAKNESS, rule, HOSTILE, message=HOSTILE,
        locations=(Location(path=HOSTILE, snippet=HOSTILE),),
    )  # fmt: skip
    finding = Finding(
        "f" * 32, Kind.WEAKNESS, rule, HOSTILE, Component(HOSTILE, HOSTILE, HOSTILE),
        (Instance(HOSTILE, HOSTILE, "", Location(path=HOSTILE)),), sources=(HOSTILE,),
        message=HOSTILE, priority=Priority(Decision.ACT, 90, 80, 95), evidence=(observation,),
    )  # fmt: skip
    rich = sample_result.rich()
    return replace(rich, target=HOSTILE, findings=(finding, *rich.findings))


def test_the_policy_allows_exactly_this_style_and_this_script(rich: Page) -> None:
    (policy,) = [a["content"] for tag, a in rich.elements if a.get("http-equiv")]
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    (style,) = [text for _, text in rich.inside["style"]]
    (script,) = rich.scripts
    for name, text in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy


def test_nothing_is_fetched_and_nothing_runs_from_an_attribute(rich: Page) -> None:
    for tag, attributes in rich.elements:
        assert tag not in {"iframe", "object", "embed", "base", "img", "audio", "video"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href", "xlink:href", "action", "poster"):
            address = attributes.get(name)
            assert address is None or address.startswith("#") or address == "data:,", address


def test_the_script_never_makes_markup_or_code_out_of_text() -> None:
    folder = files("vigie.outlets.documents.html") / "js"
    script = "\n".join(file.read_text("utf-8") for file in folder.iterdir())
    for name in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "new Function", "fetch(", "XMLHttpRequest", "import("):  # fmt: skip
        assert name not in script


def test_hostile_text_stays_text() -> None:
    text = written(hostile_result())
    page = Page(text)
    tags = [tag for tag, _ in page.elements]
    assert tags == [t for t in tags if t != "img"]
    assert len(page.scripts) == 1  # ours
    assert "alert(" not in page.scripts[0]
    assert page.inside["title"][0][1].startswith(HOSTILE[:20])
    assert "<script>alert" not in text
    assert SEPARATOR not in "".join(t for _, t in page.inside["script"])
    # and none of it is lost
    values = [value for _, block in page.blocks("values") for value in block]
    assert HOSTILE in values


def test_every_finding_is_there_with_its_details(rich: Page) -> None:
    result = sample_result.rich()
    rows = [row for _, block in rich.blocks("rows") for row in block]
    details = [detail for _, block in rich.blocks("details") for detail in block]
    assert len(rows) == len(details) == len(result.findings)
    assert {row[0] for row in rows} == {f.fingerprint for f in result.findings}
    assert all(len(row) == len(ROW) for row in rows)


def test_references_lead_to_the_values_they_mean(rich: Page) -> None:
    table: dict[int, Any] = {}
    for start, block in rich.blocks("values"):
        assert not set(table) & set(range(start, start + len(block)))
        table |= dict(enumerate(block, start))
    rows = [row for _, block in rich.blocks("rows") for row in block]
    shown = [(table[r[ROW.index("rule")]], table[r[ROW.index("component")]]) for r in rows]
    expected = [
        (f.rule.id, f.component.name if f.component else None)
        for f in ranked(sample_result.rich().findings)
    ]
    assert shown == expected


def test_it_can_be_read_without_its_script(rich: Page) -> None:
    assert "4 findings need you today, and not everything was looked at." in rich.text
    assert "What was not looked at is unknown, not safe." in rich.text
    assert "org.apache.logging.log4j:log4j-core" in rich.text
    assert "2.17.1" in rich.text  # the plan
    for finding in sample_result.rich().findings:
        assert finding.rule.id in rich.text
    assert "AccessDenied: no permission <GetAccountSummary>" in rich.text
    assert "false_positive <accepted>" in rich.text
    assert "owner: Équipe Sécu" in rich.text
    assert "expires 2025-12-31" in rich.text
    assert "The gate cannot say yes" in rich.text
    assert "the database is 428 days old" in rich.text
    assert "it took longer than 600 s" in rich.text
    assert "428 days old at the scan" in rich.text
    assert "Made by Vigie 0.1.0" in rich.text


def test_only_the_first_rows_are_written_out_and_it_says_so() -> None:
    page = page_of(sample_result.many(450))
    assert "The first 200 of 450" in page.text
    assert page.text.count("CVE-2024-") < 450
    assert sum(len(block) for _, block in page.blocks("rows")) == 450


@pytest.mark.parametrize(("count", "left"), [(50, 0), (51, 1), (120, 70)])
def test_no_ruling_of_the_gate_is_left_out_in_silence(count: int, left: int) -> None:
    rulings = tuple(
        Ruling("r", f"scanner {number}", blocks, T("ruled"))
        for blocks in (True, False)
        for number in range(count)
    )
    gate = GateResult(GateOutcome.FAIL, "balanced", rulings)
    text = page_of(replace(sample_result.empty(), gate=gate)).text
    said = f"and {left} more; the JSON result lists them all"
    assert text.count(said) == (2 if left else 0)
    assert text.count("ruled") == 2 * min(count, 50)


def test_counts_are_grouped_in_the_reader_s_language() -> None:
    watched = sample_result.many(1).findings[0]
    many = replace(sample_result.empty(), findings=tuple(
        replace(watched, fingerprint=f"{n:032x}", priority=Priority(Decision.PLAN, 50, 40, 60))
        for n in range(1_234)
    ))  # fmt: skip
    english = page_of(many)
    assert "1,234 findings belong in the next cycle." in english.text
    assert "1234" not in english.text
    assert "1\u202f234 constats sont pour le prochain cycle." in written(
        many, sample_result.french()
    )


def test_an_upgrade_that_many_assets_need_is_one_bar() -> None:
    rich = sample_result.rich()
    old = Component("requests", "2.30.0", "pypi")
    more = Step(old, "other/shop", "2.32.0", (rich.findings[3].fingerprint,))
    plan = replace(rich.plan, steps=(*rich.plan.steps, more))
    (first, second) = charts(tally(rich.findings), plan, sample_result.english().words).cleared
    assert (first.label, first.value, first.note, first.share) == (
        "requests", "2", "… → 2.32.0", 100.0,
    )  # fmt: skip
    assert (second.value, second.share) == ("1", 50.0)


def test_severity_is_always_a_word_beside_a_shape() -> None:
    text = written(sample_result.rich())
    for mark in re.findall(r'<span class="sev [^"]+">.*?</span>', text):
        assert re.search(r'<use href="#s-(critical|high|medium|low|none|unknown)"/></svg>\w+', mark)


def test_no_findings_is_calm_only_when_all_was_looked_at() -> None:
    empty = sample_result.empty()
    assert "No findings. Everything that was asked for was looked at." in page_of(empty).text
    partial = replace(empty, runs=sample_result.rich().runs)
    assert "No findings, but not everything was looked at." in page_of(partial).text
    nobody = page_of(replace(empty, runs=()))
    assert "Nothing was looked at." in nobody.text
    assert "No findings. Everything" not in nobody.text
    assert ("p", {"class": "headline unsure"}) in nobody.elements
    assert ("p", {"class": "headline"}) in page_of(empty).elements


def test_a_secret_s_surroundings_are_not_handed_on() -> None:
    assert "API_KEY=****" not in written(sample_result.rich())


def test_it_speaks_french() -> None:
    page = page_of(sample_result.rich(), sample_result.french())
    assert page.elements[0][1]["lang"] == "fr"
    assert (
        "4 constats demandent votre attention aujourd'hui, et tout n'a pas été examiné."
        in page.text
    )
    assert "défaut de configuration" in str(page.blocks("meta")[0][1]["kind"])
    assert page.blocks("meta")[0][1]["words"]["instances"] == [
        "{count} emplacement",
        "{count} emplacements",
    ]


def test_every_word_has_its_french() -> None:
    catalogue = sample_result.french().words.catalogue
    for text in (*PAGE.values(), *SCRIPT.values()):
        assert text.template in catalogue
        assert not text.plural or text.plural in catalogue


def test_the_same_result_gives_the_same_bytes() -> None:
    assert written(sample_result.rich()) == written(sample_result.rich())
    assert written(sample_result.many(300)) == written(sample_result.many(300))


def test_a_large_result_comes_in_chunks_and_repeats_nothing() -> None:
    (part,) = OUTLET.render(sample_result.many(6000), sample_result.english())
    chunks = list(part.chunks)
    assert len(chunks) > 4
    assert max(map(len, chunks)) < 1 << 21
    whole = b"".join(chunks)
    # 5,000 CVEs have one description between them.
    assert whole.count(b"It is flawed. " * 10) == 1
    assert len(whole) / 6000 < 700


def test_a_path_that_is_no_unicode_does_not_break_it() -> None:
    rich = sample_result.rich()
    odd = replace(rich.findings[0], instances=(Instance("x", location=Location(path="a\udcff")),))
    assert "a?" in written(replace(rich, findings=(odd,)))


def test_long_texts_are_cut_only_when_the_file_is_large_and_say_so() -> None:
    values = Values()
    text = "x" * 5_000
    assert values.prose(text) == values.prose(text)
    _, data = values.flush()
    assert json.loads(data)[1] == text
    for index in range(60):
        values.prose(f"{index} " + "y" * 1_000_000)  # each far beyond what one text may have
        values.text(f"{index}" + "z" * 900_000)
    values.flush()
    values.prose("w" * 5_000)
    _, data = values.flush()
    assert json.loads(data) == [["w" * 400, 5_000]]


def test_embedded_json_cannot_end_its_element() -> None:
    data = embed(encode(["</script><!--", "\u2028\u2029", "<SCRIPT"]))
    assert b"<" not in data
    assert json.loads(data) == ["</script><!--", "\u2028\u2029", "<SCRIPT"]
    assert "\u2028" not in data.decode()


def test_ages_are_whole_days_and_unknown_without_dates() -> None:
    assert age_in_days("2024-01-01", sample_result.CREATED) == 428
    assert age_in_days("", sample_result.CREATED) is None


@pytest.mark.parametrize(
    ("kind", "spelled"),
    [
        ("pypi", "x==2"), ("npm", "x@2"), ("golang", "x@v2"), ("deb", "x=2"), ("rpm", "x-2"),
        ("maven", "x:2"), ("", "x 2"),
    ],
)  # fmt: skip
def test_a_version_is_spelled_as_its_ecosystem_does(kind: str, spelled: str) -> None:
    assert requirement(Component("x", "1", kind), "2") == spelled


def _colours(css: str, selector: str) -> dict[str, str]:
    body = css.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", [":root {", ':root[data-theme="dark"] {'])
def test_words_and_shapes_stand_out_in_both_themes(selector: str) -> None:
    """WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for marks (1.4.11)."""
    css = (files("vigie.outlets.documents.html") / "css" / "tokens.css").read_text("utf-8")
    colours = _colours(css, selector)
    for ground in ("page", "surface", "raised", "accent-soft"):
        for ink in ("ink", "muted"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for ground in ("page", "surface"):
        assert _contrast(colours["accent"], colours[ground]) >= 4.5
        for mark in ("critical", "high", "medium", "low", "none", "unknown", "mark"):
            assert _contrast(colours[mark], colours[ground]) >= 3, (mark, ground)
    automatic = _colours(css, ':root:not([data-theme="light"]) {')
    assert selector == ":root {" or automatic == colours

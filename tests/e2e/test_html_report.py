"""The HTML report in a real browser: what a reader does with it, with a hand or with keys.

Needs Chromium on the path and the Python package `playwright`; nothing is downloaded.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.plugs import sample_result
from tests.unit.outlets.documents.test_html import hostile_result

from vigie.model.results import Result
from vigie.outlets.documents.html import OUTLET
from vigie.ports.outlets import View

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="the Python package playwright is not installed"
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on the path")

# What a page of the report is opened with: (result, view, how the browser is set up).
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with playwright_api.sync_playwright() as playwright:
        # Playwright gives each launch a user data folder of its own and removes it.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a result; afterwards nothing may have gone wrong or out."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_page(result: Result, view: View | None = None, at: str = "", **setup: Any) -> Any:
        file = tmp_path / f"report-{len(contexts)}.html"
        with file.open("wb") as out:
            for part in OUTLET.render(result, view or sample_result.english()):
                out.writelines(part.chunks)
        setup.setdefault("viewport", {"width": 1400, "height": 900})
        context = browser.new_context(**setup)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: asked(request.url, file.as_uri()))
        page.goto(file.as_uri() + at)
        return page

    def asked(address: str, own: str) -> None:
        if not address.startswith((own, "data:,")):
            wrong.append(f"asked for {address}")

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def ids(page: Any) -> list[str]:
    return list(page.locator(".row .what b").all_text_contents())


def wait_for_count(page: Any, words: str) -> None:
    page.locator(".tally", has_text=words).wait_for()


def test_it_opens_with_every_finding_and_no_complaint(opened: Open) -> None:
    page = opened(sample_result.rich())
    assert page.locator(".tally").text_content() == "16 findings"
    assert ids(page)[0] == "CVE-2021-44228"
    assert not page.locator("#static").is_visible()
    assert page.locator('[role="grid"]').get_attribute("aria-rowcount") == "17"


def test_search_narrows_the_list_and_the_address_says_so(opened: Open) -> None:
    page = opened(sample_result.rich())
    page.locator(".search").fill("log4shell")
    wait_for_count(page, "1 of 16")
    assert ids(page) == ["CVE-2021-44228"]
    assert page.url.endswith("#q=log4shell")
    page.locator(".search").fill("severity:high -source:prowler")
    wait_for_count(page, "3 of 16")
    assert sorted(ids(page)) == ["B602", "CVE-2023-5678", "Terminal shell in container"]
    page.locator(".search").fill("only:grype+trivy")
    wait_for_count(page, "1 of 16")
    page.locator(".search").fill("nothing at all is like this")
    page.get_by_text("No finding matches these filters.").wait_for()
    page.locator(".none-left button").click()
    wait_for_count(page, "16 findings")


def test_an_alias_a_path_and_a_weakness_are_found(opened: Open) -> None:
    page = opened(sample_result.rich())
    for words in ("GHSA-jfh8-c2jp-5v3q", "opt/x.jar", "CWE-502"):
        page.locator(".search").fill(words)
        wait_for_count(page, "1 of 16")
        assert ids(page) == ["CVE-2021-44228"]


def test_facets_count_what_they_would_show(opened: Open) -> None:
    page = opened(sample_result.rich())
    kinds = page.locator(".facets details", has=page.get_by_text("Kind", exact=True))
    kinds.get_by_text("vulnerability").click()
    wait_for_count(page, "8 of 16")
    # The other kinds still say what they would add; the severities count within the choice.
    assert kinds.locator("label", has_text="secret").locator(".n").text_content() == "1"
    severities = page.locator(".facets details", has=page.get_by_text("Severity", exact=True))
    high = severities.locator("label", has_text="high")
    assert high.locator(".n").text_content() == "1"
    high.click()
    wait_for_count(page, "1 of 16")
    assert "kind=vulnerability" in page.url
    assert "severity=high" in page.url


def test_an_address_opens_the_very_view(opened: Open) -> None:
    finding = sample_result.rich().findings[0].fingerprint
    page = opened(sample_result.rich(), at=f"#severity=critical&sort=-finding&f={finding}")
    wait_for_count(page, "2 of 16")
    assert ids(page) == ["generic-api-key", "CVE-2021-44228"]
    assert page.locator("#drawer-title").text_content() == "CVE-2021-44228"
    page.locator(".drawer button[aria-label='Close']").click()
    assert "f=" not in page.url
    page.locator(".row").first.click()
    assert page.locator(".drawer").is_visible()
    page.go_back()
    assert not page.locator(".drawer").is_visible()
    wait_for_count(page, "2 of 16")


def test_a_card_and_a_chart_lead_to_their_findings(opened: Open) -> None:
    page = opened(sample_result.rich())
    page.locator(".card-act").click()
    wait_for_count(page, "4 of 16")
    assert set(page.locator(".row .decision").all_text_contents()) == {"act now"}
    page.locator(".matrix a").first.click()
    wait_for_count(page, "2 of 16")


def test_columns_sort_and_say_how(opened: Open) -> None:
    page = opened(sample_result.many(60))
    head = page.locator('[role="columnheader"]', has_text="Score")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert page.locator(".row .score").first.text_content() == "59"
    head.locator("button").click()
    assert page.locator(".row .score").first.text_content() == "0"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "none"


def test_keys_walk_open_and_close(opened: Open) -> None:
    page = opened(sample_result.rich())
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-rowindex')") == "3"
    page.keyboard.press("Enter")
    title = page.locator("#drawer-title")
    assert title.text_content() == "Terminal shell in container"
    page.keyboard.press("ArrowUp")
    assert title.text_content() == "CVE-2021-44228"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "drawer-title"
    page.keyboard.press("ArrowRight")
    assert title.text_content() == "Terminal shell in container"
    assert page.evaluate("document.activeElement.id") == "drawer-title"
    page.keyboard.press("Escape")
    assert not page.locator(".drawer").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-rowindex')") == "3"
    page.keyboard.press("?")
    assert page.locator("dialog.keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog.keys").is_visible()


def test_the_drawer_tells_everything(opened: Open) -> None:
    page = opened(sample_result.rich(), at="#q=Log4Shell")
    page.locator(".row").first.click()
    body = page.locator(".drawer .body").inner_text()
    for words in (
        "known to be exploited (trivy)", "99.5 of 100, between 89.5 and 100",
        "fixed in 2.17.1, 2.12.4", "org.apache.logging.log4j:log4j-core:2.17.1",
        "app/é.jar!/lib/log4j.jar", "97%", "used by ransomware", "nvd v3.1",
        sample_result.VECTOR, "Why it belongs here: same CVE", "records[1]", "trivy: Critical",
        "GHSA-jfh8-c2jp-5v3q", "CWE-502", "</script>", sample_result.rich().findings[0].fingerprint,
    ):  # fmt: skip
        assert words in body, words
    link = page.locator(".drawer a")
    assert link.get_attribute("href") == "https://nvd.example/CVE-2021-44228"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_silence_and_blindness_are_told_apart(opened: Open) -> None:
    page = opened(sample_result.rich(), at="#q=CVE-2023-5678")
    page.locator(".row").first.click()
    said = page.locator(".drawer .agree").inner_text()
    assert "trivy said it" in said
    assert "grype could not know – its database is too old" in said
    assert "looked and did not" not in said


def test_a_link_that_is_no_web_address_stays_text(opened: Open) -> None:
    page = opened(hostile_result(), at="#f=" + "f" * 32)
    links = page.locator(".drawer a")
    assert links.count() == 1
    assert links.get_attribute("href") == "https://ok.example/a"
    assert "javascript:alert(1)" in page.locator(".drawer .body").inner_text()
    assert page.locator("img").count() == 0


def test_a_fix_and_the_plan_can_be_copied(opened: Open) -> None:
    page = opened(sample_result.rich(), permissions=["clipboard-read", "clipboard-write"])
    page.locator("#copy-plan").click()
    page.get_by_text("Copied").first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()").splitlines() == [
        "org.apache.logging.log4j:log4j-core:2.17.1",
        "requests==2.32.0",
    ]


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_phone_scrolls_one_way_only(opened: Open, width: int) -> None:
    page = opened(sample_result.rich(), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".row").first.click()
    assert page.locator(".drawer").is_visible()
    assert page.evaluate("document.activeElement.id") == "drawer-title"
    assert page.evaluate("document.querySelector('main').inert") is True
    assert page.evaluate("document.querySelector('.drawer .body').scrollWidth") <= width
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('main').inert") is False


def test_paper_shows_what_the_screen_filtered(opened: Open) -> None:
    page = opened(sample_result.rich(), at="#severity=critical", color_scheme="dark")
    wait_for_count(page, "2 of 16")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#static").is_visible()
    assert not page.locator("#board").is_visible()
    printed = page.locator("#static-rows strong").all_text_contents()
    assert printed == ["CVE-2021-44228", "generic-api-key"]
    assert "2 of 16 findings" in page.locator("#static-note").inner_text()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 26, 34)"


def test_dark_follows_the_system_until_somebody_chooses(opened: Open) -> None:
    page = opened(sample_result.rich(), color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(15, 18, 23)"
    page.locator("#theme").click()
    assert page.evaluate(ground) == "rgb(246, 247, 249)"


def test_it_speaks_french_throughout(opened: Open) -> None:
    page = opened(sample_result.rich(), sample_result.french(), at="#q=severity:élevée")
    wait_for_count(page, "4 constats sur 16")
    page.locator(".row").first.click()
    body = page.locator(".drawer .body").inner_text()
    assert "Pourquoi il est ici" in body
    assert "Preuves" in body
    words = json.dumps(page.locator(".facets").inner_text(), ensure_ascii=False)
    assert "critique" in words
    assert "défaut de configuration" in words


def test_without_its_script_it_can_be_read(opened: Open) -> None:
    page = opened(sample_result.rich(), java_script_enabled=False)
    assert page.get_by_text("4 findings need you today").is_visible()
    assert page.locator("#static-rows tr").count() == 16
    assert page.get_by_text("need JavaScript").is_visible()
    assert not page.locator("#copy-plan").is_visible()


def test_twenty_thousand_findings_scroll_with_few_rows_in_the_page(opened: Open) -> None:
    page = opened(sample_result.many(20_000))
    assert page.locator(".tally").text_content() == "20,000 findings"
    assert page.locator(".row").count() < 80
    page.locator(".row").first.focus()
    page.keyboard.press("End")
    page.locator('[aria-rowindex="20001"]').wait_for()
    assert page.locator(".row").count() < 80
    page.locator(".search").fill("package-19999")
    wait_for_count(page, "1 of 20,000")
    page.locator(".row").first.click()
    assert "package-19999" in page.locator(".drawer .body").inner_text()


def test_an_empty_result_opens(opened: Open) -> None:
    page = opened(sample_result.empty())
    assert page.get_by_text("Everything that was asked for was looked at.").first.is_visible()
    assert page.locator(".row").count() == 0

"""Whatever a list is asked: it answers, or says what is wrong. It never fails."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.api.conftest import House
from tests.unit.services.recording.readings_made import flaw, reading

from vigie.model.queries import Operator
from vigie.stores.relational.listings import (
    assets,
    components,
    events,
    findings,
    history,
    rules,
    runs,
)

LISTS = {
    "/findings": findings.LISTING,
    "/assets": assets.LISTING,
    "/components": components.LISTING,
    "/runs": runs.LISTING,
    "/rules": rules.LISTING,
    "/events": events.LISTING,
}
WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from([
        "critical", "open", "true", "0", "-1", "1e999", "nan", "inf", "2026-01-01", "0001-01-01",
        "9999-12-31T23:59:59+23:59", "99999999999999999999", "%", "_", "'", '"', "\\", "\0", "[]",
        "019aa5d0-0000-7000-8000-000000000001", "a:b", ":", "é", "\ufeff", "vulnerability",
    ]),
)  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    path = draw(st.sampled_from(sorted(LISTS)))
    listing = LISTS[path]
    names = st.one_of(st.sampled_from(sorted(listing.fields)), st.text(max_size=10))
    asked: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(0, 4))):
        operator = draw(st.sampled_from(["", *(f".{one.value}" for one in Operator)]))
        asked.append((draw(names) + operator, ",".join(draw(st.lists(WORDS, max_size=3)))))
    for name, values in (
        ("q", WORDS), ("cursor", WORDS), ("limit", WORDS),
        ("sort", names | names.map(lambda n: f"-{n}")),
        ("fields", st.lists(names, max_size=3).map(",".join)),
        ("facets", st.lists(names, max_size=3).map(",".join)),
    ):  # fmt: skip
        if draw(st.booleans()):
            asked.append((name, draw(values)))
    return path, asked


@pytest.fixture
def shop(house: House) -> House:
    house.take(reading("grype", *(flaw("grype", f"CVE-2024-{n}", f"p{n}") for n in range(5))))
    return house


def test_no_question_fails(shop: House) -> None:
    answers: dict[int, int] = {}

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(questions())
    def ask(question: tuple[str, list[tuple[str, str]]]) -> None:
        path, asked = question
        answer = shop.client.get(
            f"/api/v1{path}", params=[(n, v) for n, v in asked], headers=shop.headers()
        )
        answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
        assert answer.status_code in (200, 422), (question, answer.text)

    ask()
    assert {200, 422} <= answers.keys()


@pytest.mark.parametrize("path", sorted(LISTS))
def test_every_field_does_what_the_description_says(shop: House, path: str) -> None:
    """Each can be shown, filtered by, sorted by and counted where the list says so."""
    listing = LISTS[path]
    for name in listing.shown:
        shop.get(path, fields=name)
    for name in (n for n, f in listing.fields.items() if f.sort):
        page = shop.get(path, sort=f"-{name}", limit=1)
        if page["next"]:
            shop.get(path, sort=f"-{name}", limit=1, cursor=page["next"])
    for name in (n for n, f in listing.fields.items() if f.facet):
        counted = shop.get(path, facets=name)["facets"][name]
        for one in counted:
            if one["value"] and "," not in one["value"]:
                assert shop.get(path, **{name: one["value"]})["total"] == one["count"], name
    assert history.LISTING.shown

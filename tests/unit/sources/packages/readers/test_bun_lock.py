"""Bun's lock file: comments inside of texts, nested copies, and the binary form."""

from __future__ import annotations

from tests.plugs.one_reader import read_one
from tests.plugs.package_samples.bun_lock import SAMPLES

from vigie.model.inventory import Scope
from vigie.sources.packages.readers.bun_lock import READER

TEXT = SAMPLES[0][0]["bun.lock"]


def test_nested_copies_workspaces_and_lines() -> None:
    found = {
        p.component.purl.partition("?")[0]: p for p in read_one(READER, {"bun.lock": TEXT}).packages
    }
    assert found["pkg:npm/%40demo/a@1.0.1"].requires == ("pkg:npm/demo-b@2.0.0",)
    assert found["pkg:npm/demo-b@2.0.0"].component.direct is False
    assert found["pkg:npm/demo-b@2.0.0"].scope is Scope.RUNTIME
    assert found["pkg:npm/demo-b@1.0.0"].component.direct is True
    assert found["pkg:npm/demo-b@1.0.0"].scope is Scope.DEVELOPMENT
    assert found["pkg:npm/demo-real@3.0.0"].location.start_line == 15
    assert found["pkg:npm/demo-git"].component.purl.endswith(
        "vcs_url=git%2Bhttps://github.com/demo/git%400123abc"
    )


def test_the_binary_form_alone_is_refused_with_a_way_out() -> None:
    found = read_one(READER, {"bun.lockb": SAMPLES[0][0]["bun.lockb"]})
    assert found.packages == []
    assert [str(p.message) for p in found.problems] == [
        "bun.lockb is Bun's binary lock file, which only Bun can read"
    ]
    assert "--save-text-lockfile" in str(found.problems[0].hint)


def test_comments_and_commas_inside_of_texts_stay() -> None:
    text = '{"packages": {"a": ["a@1 /* , ] */ // x", {},],}, /* , } */ } // , }\n'
    found = read_one(READER, {"bun.lock": text})
    assert [p.component.name for p in found.packages] == ["a"]
    assert found.packages[0].component.version == ""  # "1 /* …" is no version but a place

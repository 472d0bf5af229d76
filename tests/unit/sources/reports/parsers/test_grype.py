"""Grype: old layouts, image identities, ignored matches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.model.identity import layers_digest
from vigie.model.observations import Observation, Stance
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes, open_document
from vigie.sources.reports.parsers.grype import PARSER
from vigie.sources.reports.parsers.trivy import PARSER as TRIVY
from vigie.sources.reports.reading import read_document


def read(**members: Any) -> Report:
    value = {"matches": [], "descriptor": {"name": "grype"}} | members
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def match(artifact: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"vulnerability": {"id": "CVE-1"}, "artifact": {"name": "p"} | artifact} | members


def observe(artifact: dict[str, Any], **members: Any) -> Observation:
    (seen,) = read(matches=[match(artifact, **members)]).observations
    return seen


@pytest.mark.parametrize(
    ("artifact", "source"),
    [
        ({"type": "deb", "version": "2", "upstreams": [{"name": "s"}]}, ("s", "2")),
        ({"type": "deb", "version": "2", "upstreams": [{"name": "s", "version": "1"}]}, ("s", "1")),
        ({"type": "deb", "version": "2", "metadata": {"Source": "s"}}, ("s", "2")),
        ({"type": "rpm", "version": "2", "metadata": {"sourceRpm": "a-b-1.0-3.el8.src.rpm"}},
         ("a-b", "1.0-3.el8")),
        ({"type": "python", "version": "2", "metadata": None}, ("", "")),
    ],
)  # fmt: skip
def test_source_package(artifact: dict[str, Any], source: tuple[str, str]) -> None:
    component = observe(artifact).component
    assert component is not None
    assert (component.source_name, component.source_version) == source


@pytest.mark.parametrize(
    ("artifact", "kind"),
    [
        ({"type": "python"}, "pypi"), ({"type": "java-archive"}, "maven"),
        ({"type": "go-module"}, "golang"), ({"type": "rust-crate"}, "cargo"),
        ({"type": "binary", "purl": "pkg:generic/x@1"}, ""), ({"type": "gem"}, "gem"),
        ({"type": "UnknownPackage", "purl": "pkg:npm/x@1"}, "npm"),
    ],
)  # fmt: skip
def test_type_is_a_purl_type(artifact: dict[str, Any], kind: str) -> None:
    component = observe(artifact).component
    assert component is not None
    assert component.type == kind


def test_distribution_of_the_report_stands_in_for_a_match_without_one() -> None:
    report = read(
        matches=[match({"type": "deb"}), match({"type": "python"})],
        source={"type": "image", "target": {"userInput": "i"}},
        distro={"name": "debian", "version": "12"},
    )
    distros = [seen.component.distro for seen in report.observations if seen.component]
    assert distros == ["debian-12", ""]


def test_layers_identify_the_image_as_trivys_diff_ids_do() -> None:
    layers = [{"digest": "sha256:1"}, {"digest": "sha256:2"}]
    report = read(source={"type": "image", "target": {"userInput": "i", "layers": layers}})
    assert report.asset is not None
    assert layers_digest(["sha256:1", "sha256:2"]) in report.asset.digests


def test_vex_and_rules_that_took_a_match_out_are_told_apart() -> None:
    vex = {"namespace": "vex", "vex-status": "not_affected", "vex-justification": "why"}
    rule = {"fix-state": "not-fixed"}
    report = read(
        ignoredMatches=[match({}, appliedIgnoreRules=[vex]), match({}, appliedIgnoreRules=[rule])]
    )
    first, second = (seen.claim for seen in report.observations)
    assert first is not None
    assert second is not None
    assert (first.stance, first.justification) == (Stance.NOT_AFFECTED, "why")
    assert (second.stance, second.statement) == (Stance.SUPPRESSED, "fix-state: not-fixed")


def test_rating_of_zero_without_a_vector_is_none() -> None:
    (seen,) = read(
        matches=[{"vulnerability": {"id": "C", "cvssV3": {"baseScore": 0, "vector": ""}},
                  "artifact": {"name": "p"}}]
    ).observations  # fmt: skip
    assert seen.scores == ()


@pytest.mark.corpus
def test_pair_of_the_corpus_is_one_image(corpus: Path) -> None:
    pair = corpus / "pairs/debian12-python"
    (grype,) = read_document(PARSER, open_document(pair / "grype-results.json"))
    (trivy,) = read_document(TRIVY, open_document(pair / "trivy-results.json"))
    assert grype.asset is not None
    assert trivy.asset is not None
    shared = {d.partition(":")[0] for d in grype.asset.digests & trivy.asset.digests}
    assert shared == {"config", "layers"}


def test_raters_known_by_an_id_are_called_by_their_names() -> None:
    rating = {"vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "version": "3.1"}
    rated = [rating | {"source": "134c704f-9b21-4f2e-91b3-4a467353bcc0"},
             rating | {"source": "nvd@nist.gov"}]  # fmt: skip
    seen = observe({}, vulnerability={"id": "CVE-1", "namespace": "nvd:cpe", "cvss": rated})
    assert [score.source for score in seen.scores] == ["cisa-adp", "nvd@nist.gov"]


@pytest.mark.parametrize(
    ("source", "path", "seen"),
    [
        ({"type": "directory", "target": "/src/shop"}, "/web/package.json", "web/package.json"),
        ({"type": "directory", "target": "."}, "/web/package.json", "web/package.json"),
        ({"type": "directory", "target": "/src/shop/"}, "/src/shop/a.lock", "/src/shop/a.lock"),
        ({"type": "directory", "target": "/src/shop"}, "/src/shopping.lock", "src/shopping.lock"),
        ({"type": "directory", "target": "/"}, "/var/lib/dpkg/status", "/var/lib/dpkg/status"),
        ({"type": "file", "target": "/src/a.jar"}, "/src/a.jar", "/src/a.jar"),
        ({"type": "image", "target": {"userInput": "a:1"}}, "/lib/apk/db", "/lib/apk/db"),
    ],
)
def test_places_in_a_folder_are_told_from_the_folder_on(
    source: dict[str, Any], path: str, seen: str
) -> None:
    found = match({"locations": [{"path": path}]})
    (observation,) = read(matches=[found], source=source).observations
    assert [place.path for place in observation.locations] == [seen]

from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.model.observations import Stance
from vigie.model.severity import Severity
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.zap import PARSER
from vigie.sources.reports.reading import read_document

ALERT = (
    "<alertitem><pluginid>1</pluginid><name>N</name><riskcode>{risk}</riskcode>"
    "<confidence>{confidence}</confidence><riskdesc>Low (x)</riskdesc>"
    "<instances>{instances}</instances><cweid>-1</cweid></alertitem>"
)
INSTANCE = "<instance><uri>https://a.example/{page}</uri><evidence>hunter2</evidence></instance>"


def read(alerts: str, site: str = "https://a.example") -> Report:
    text = (
        f'<OWASPZAPReport version="2.14.0" generated=""><site name="{site}">'
        f"<alerts>{alerts}</alerts></site></OWASPZAPReport>"
    )
    (report,) = read_document(PARSER, document_from_bytes(text.encode()))
    return report


def alert(risk: str = "1", confidence: str = "2", pages: str = "") -> str:
    instances = "".join(INSTANCE.format(page=page) for page in pages)
    return ALERT.format(risk=risk, confidence=confidence, instances=instances)


def test_the_order_of_instances_does_not_matter() -> None:
    one, other = read(alert(pages="bac")), read(alert(pages="cab"))
    assert one == other
    assert [p.url[-1] for p in one.observations[0].locations] == ["a", "b", "c"]


def test_evidence_is_not_kept() -> None:
    assert "hunter2" not in repr(read(alert(pages="a")))


@pytest.mark.parametrize(
    ("code", "severity"),
    [("0", Severity.NONE), ("1", Severity.LOW), ("2", Severity.MEDIUM), ("3", Severity.HIGH)],
)
def test_risk_code_is_the_severity(code: str, severity: Severity) -> None:
    assert read(alert(risk=code)).observations[0].severity is severity


def test_unknown_risk_takes_the_word_of_the_description() -> None:
    (seen,) = read(alert(risk="")).observations
    assert (seen.severity, seen.severity_said) == (Severity.LOW, "Low")


def test_minus_one_is_no_weakness() -> None:
    assert read(alert()).observations[0].rule.weaknesses == ()


def test_false_positive_is_a_claim_and_not_dropped() -> None:
    (seen,) = read(alert(confidence="0")).observations
    assert seen.claim is not None and seen.claim.stance is Stance.SUPPRESSED


def test_report_without_sites_is_an_empty_report() -> None:
    document = document_from_bytes(b'<OWASPZAPReport version="2.9.0" generated="x"/>')
    (report,) = read_document(PARSER, document)
    assert (report.records, report.asset) == (0, None)


def test_other_xml_is_refused() -> None:
    with pytest.raises(UserError, match="has no OWASPZAPReport"):
        read_document(PARSER, document_from_bytes(b"<issues/>"))


def test_lone_site_of_a_converted_report_is_read() -> None:
    text = b'{"@version": "2.9", "site": {"@name": "a.example", "alerts": [{"pluginid": "1"}]}}'
    (report,) = read_document(PARSER, document_from_bytes(text))
    assert report.records == 1
    assert report.asset is not None and report.asset.name == "a.example"

"""Sends reports and results to a Vigie server, waits until they are taken in, asks its gate.

It fails closed: what did not arrive whole is a SourceError, never a yes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from vigie.client import Client, Upload
from vigie.client.made.shapes import GateAnswer, GateQuestion, Import, Job
from vigie.model.assets import Criticality, Exposure
from vigie.model.errors import SourceError
from vigie.model.printable import clean
from vigie.model.results import GateOutcome, GateResult, Ruling
from vigie.model.text import T, Text

PATIENCE = 600.0  # seconds
MOST_ASSETS = 200  # that a server judges at once

Say = Callable[[Text], None]
_DONE = "done"


@dataclass(frozen=True, slots=True)
class Labels:
    """What is said of what is sent; "" and unknown leave it to the report. `format` forces a
    report format, `labels` are key=value."""

    asset: str = ""
    format: str = ""
    owner: str = ""
    exposure: Exposure = Exposure.UNKNOWN
    criticality: Criticality = Criticality.UNKNOWN
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the server's gate says. `version` is that of the policy that decided, None for a
    ready-made one."""

    gate: GateResult
    version: int | None


def push(client: Client, uploads: Sequence[Upload], about: Labels, say: Say) -> list[Import]:
    """Send each; the server has kept it when this returns. Raises UserError before anything is
    sent when a file cannot be read."""
    for upload in uploads:
        content = upload.opened()
        if not isinstance(content, bytes):
            content.close()
    sent = []
    for upload in uploads:
        say(T("sending {name} to {server}", name=upload.named(), server=client.server))
        sent.append(
            client.create_import(
                report=upload,
                asset=about.asset or None,
                format=about.format or None,
                owner=about.owner or None,
                exposure=about.exposure.value,
                criticality=about.criticality.value,
                labels=",".join(about.labels) or None,
                origin="push",
            )
        )
    return sent


def wait(
    client: Client,
    imports: Sequence[Import],
    say: Say,
    *,
    patience: float = PATIENCE,
    clock: Callable[[], float] = monotonic,
) -> list[Import]:
    """The imports when all are taken in. Raises SourceError when one failed, or not all have
    ended after `patience` seconds together."""
    end = clock() + patience
    ended = []
    for one in imports:
        if one.job_id:
            told = _telling(one.name, say)
            client.wait_for_job(one.job_id, timeout=max(0.0, end - clock()), seen=told, clock=clock)
        now = client.get_import(one.id)
        if now.state != _DONE:
            raise SourceError(
                T("the server did not take in {name}: {why}", name=clean(now.name), why=_why(now)),
                _hint(now),
            )
        say(T("{name} is taken in: {new} new, {closed} closed, {reopened} reopened",
              name=clean(now.name), **{key: (now.summary or {}).get(key, 0)
                                       for key in ("new", "closed", "reopened")}))  # fmt: skip
        ended.append(now)
    return ended


def judge(client: Client, imports: Sequence[Import], policy: str = "") -> Judged:
    """What the server's gate says about all assets that these imports spoke of, "" for the
    tenant's default policy. Raises SourceError when they spoke of none, and when not all of them
    were judged by the same policy."""
    assets = sorted({asset for one in imports for asset in (one.summary or {}).get("assets", {})})
    if not assets:
        raise SourceError(
            T("what was sent speaks of no asset, so nothing can be judged"),
            T("Name what it is about with --asset."),
        )
    answers = [
        client.judge_gate(GateQuestion(assets=assets[n : n + MOST_ASSETS], policy=policy))
        for n in range(0, len(assets), MOST_ASSETS)
    ]
    by = {(answer.policy, answer.policy_version) for answer in answers}
    if len(by) > 1:
        raise SourceError(
            T("somebody changed the policy while the server judged"),
            T("Ask again."),
            retryable=True,
        )
    return Judged(_together(answers), answers[0].policy_version)


def _together(answers: Sequence[GateAnswer]) -> GateResult:
    """Incomplete before no before yes; a word that nobody knows is incomplete."""
    outcomes = {answer.outcome for answer in answers}
    if outcomes == {GateOutcome.PASS.value}:
        outcome = GateOutcome.PASS
    elif outcomes <= {GateOutcome.PASS.value, GateOutcome.FAIL.value}:
        outcome = GateOutcome.FAIL
    else:
        outcome = GateOutcome.INCOMPLETE
    rulings = tuple(
        Ruling(ruling.rule, ruling.subject, ruling.blocks, Text(ruling.text), ruling.waiver,
               remedy=Text(ruling.remedy) if ruling.remedy else None)
        for answer in answers
        for ruling in answer.rulings
    )  # fmt: skip
    return GateResult(outcome, answers[0].policy, rulings)


def _telling(name: str, say: Say) -> Callable[[Job], None]:
    """Says where a job is, each time it is somewhere else."""
    last = [""]

    def told(job: Job) -> None:
        if job.state == "running" and job.stage and job.stage != last[0]:
            last[0] = job.stage
            say(T("the server works on {name}: {stage}", name=clean(name), stage=clean(job.stage)))

    return told


def _why(one: Import) -> Text:
    return _said(one, "message") or T("its state is {state}", state=clean(one.state))


def _hint(one: Import) -> Text | str:
    return _said(one, "hint") or ""


def _said(one: Import, name: str) -> Text | None:
    """A sentence of the server, in the language that it was asked for."""
    said = _error(one).get(name)
    sentence = clean(said) if isinstance(said, str) else ""
    return Text(sentence) if sentence else None


def _error(one: Import) -> dict[str, Any]:
    error = (one.summary or {}).get("error")
    return error if isinstance(error, dict) else {}

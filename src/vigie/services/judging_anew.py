"""Judges an asset's findings anew when what bears on them changed: who can reach it, what it would
cost to lose it. A job, since an asset may have ten thousand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vigie.services import jobs
from vigie.services.at_hand import judging
from vigie.services.imports import on_behalf_of
from vigie.services.jobs import Job
from vigie.services.platform import Caller, Platform
from vigie.services.progress import Progress
from vigie.services.recording.record import judge_anew
from vigie.stores.relational.database import Work

KIND = "judge"
# What of an asset its findings' priority depends on.
WEIGHED = frozenset({"exposure", "criticality"})


def ask(work: Work, platform: Platform, caller: Caller, asset_id: str) -> str:
    """Queue it, in the transaction of the change; the job's id."""
    payload = {"asset_id": asset_id}
    return jobs.enqueue(platform, work, caller, KIND, payload, subject=("asset", asset_id))


def run_judge(platform: Platform, job: Job, progress: Progress) -> Mapping[str, Any]:
    """The handler of jobs of this kind."""
    caller, asset_id = on_behalf_of(job), str(job.payload["asset_id"])
    progress(0.0, "judging")
    with judging(platform, caller) as options:
        judged = judge_anew(platform, caller, asset_id, options)
    return {"asset_id": asset_id, **judged.plain()}

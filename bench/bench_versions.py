"""Versions: Vigie's order beside that of the ecosystems' own programs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench import version_differences as known
from bench import version_peers as peers
from bench.measuring import NotMeasured, Row
from bench.version_samples import made, real
from vigie.triage.forgetting import forget
from vigie.triage.versions import compare, key

TITLE = "Versions, beside each ecosystem's own program"
ABOUT = (
    "Made pairs that probe the corners (two in three differ in one place) and real pairs (from "
    "the reports and advisories of the corpus, and every version that apt knows here, respelled "
    "for the scheme), compared by Vigie and by the peer. `refused` counts pairs that only the "
    "peer, or only Vigie, refuses to compare; they are in no other column. `explained` are the "
    "disagreements that decision 9 lists; for Maven each is proved to be one where Maven's own "
    "order goes in circles. A peer that is not at hand is said, and counts as nothing. Times are "
    "Vigie's, in microseconds: reading a version for the first time, comparing two that were read."
)
_EACH = 4_000  # made pairs, and real ones
_SLOW = 1_500  # where the peer is one process for each pair
_SEED = 9

Verdict = int | None


@dataclass(frozen=True, slots=True)
class Contest:
    """A scheme and its peer; `explained` says whether a disagreement is a known one."""

    name: str
    label: str
    peer: peers.Peer
    explained: known.Explains = known.never
    each: int = _EACH


def _absent(reason: str) -> peers.Peer:
    def ask(_: Path, __: Sequence[peers.Pair]) -> peers.Verdicts:
        raise NotMeasured(reason)

    return ask


CONTESTS = (
    Contest("deb", "dpkg", peers.dpkg, each=_SLOW),
    Contest("rpm", "rpm", peers.rpm),
    Contest("apk", "apk-tools", peers.apk, known.leading_zeros, _SLOW),
    Contest("alpm", "libalpm", peers.alpm, known.ends_of_arch),
    Contest("pypi", "packaging", peers.packaging),
    Contest("pypi", "packaging 21.3, older spellings too", peers.older_packaging),
    Contest("npm", "npm's semver", peers.node),
    Contest("cargo", "semver crate", peers.cargo),
    Contest("hex", "Elixir's Version", peers.elixir),
    Contest("golang", "golang.org/x/mod/semver", peers.go_mod),
    Contest("golang-toolchain", "Go's go/version", peers.go_toolchain, known.bare_go_releases),
    Contest("maven", "maven-artifact 3.9.9", peers.maven, known.circles_of_maven),
    Contest("gem", "Gem::Version", peers.ruby),
    Contest("composer", "composer/semver", peers.php),
    Contest("cran", "R's compareVersion", peers.r_language),
    Contest("conan", "Conan 2", peers.conan, known.mixed_parts),
    Contest("nuget", "NuGet.Versioning", _absent("needs .NET")),
    Contest("nuget", "OSV-Scanner", peers.osv("NuGet")),
    Contest("pub", "pub_semver", _absent("needs Dart")),
    Contest("pub", "OSV-Scanner", peers.osv("Pub"), known.builds_and_fourth_numbers),
    Contest("hackage", "Cabal", _absent("needs GHC")),
    Contest("hackage", "OSV-Scanner", peers.osv("Hackage")),
    Contest("swift", "SwiftPM", _absent("needs Swift")),
)


def measure() -> Iterator[Row]:
    for contest in CONTESTS:
        with tempfile.TemporaryDirectory() as name:
            yield _row(contest, Path(name))


def contest_pairs(contest: Contest) -> list[peers.Pair]:
    random = Random(_SEED)
    return [
        *made(contest.name, contest.each, random),
        *real(contest.name, contest.each, random),
    ]


def _row(contest: Contest, folder: Path) -> Row:
    pairs = contest_pairs(contest)
    row: dict[str, object] = {"scheme": contest.name, "peer": contest.label}
    try:
        said = contest.peer(folder, pairs)
    except NotMeasured as reason:
        return row | {"pairs": f"not compared: {reason}"}
    kind = contest.name.partition("-")[0]
    own = [compare(kind, a, b) for a, b in pairs]
    trios = list(zip(pairs, own, said, strict=True))
    both = [trio for trio in trios if trio[1] is not None and trio[2] is not None]
    odd = {pair: theirs or 0 for pair, ours, theirs in both if _sign(ours) != _sign(theirs)}
    explained = contest.explained(odd, lambda questions: contest.peer(folder, questions))
    theirs_only = sum(x is not None and y is None for _, x, y in trios)
    ours_only = sum(x is None and y is not None for _, x, y in trios)
    reading, comparing = _times(kind, pairs)
    return row | {
        "pairs": f"{len(both):,}",
        "disagreements": sum(pair in odd for pair, _, _ in both),
        "explained": sum(pair in explained for pair, _, _ in both),
        "refused": f"{theirs_only:,} / {ours_only:,}",
        "µs to read": f"{reading:.1f}",
        "µs to compare": f"{comparing:.2f}",
    }


def _sign(verdict: Verdict) -> int:
    number = verdict or 0
    return (number > 0) - (number < 0)


def _times(kind: str, pairs: Sequence[peers.Pair]) -> tuple[float, float]:
    versions = list(dict.fromkeys(version for pair in pairs for version in pair))
    forget()
    started = time.perf_counter()
    for version in versions:
        key(kind, version)
    reading = time.perf_counter() - started
    started = time.perf_counter()
    for a, b in pairs:
        compare(kind, a, b)
    comparing = time.perf_counter() - started
    return reading / len(versions) * 1e6, comparing / len(pairs) * 1e6

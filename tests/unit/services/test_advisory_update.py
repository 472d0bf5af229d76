"""Updates from a server: what changed comes in, what failed stays, nothing comes twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.advisory_samples import LATER, NOW, affects, osv, write_dump, write_epss, write_kev
from tests.feed_server import FeedServer, Served, feed_server

from vigie.model.errors import UserError
from vigie.model.runs import Outcome
from vigie.model.text import Text
from vigie.ports.progress import Job
from vigie.services.advisories import open_index, standing
from vigie.services.advisory_feeds import FeedOutcome, label_of, summary_of
from vigie.services.advisory_update import update
from vigie.sources.advisories.addresses import USUAL, Addresses
from vigie.sources.advisories.download import Manners
from vigie.stores.advisories.building import alone

QUICK = Manners(connect=30, silence=30, tries=2, pause=0.01, least=1000)


@dataclass
class Told:
    """Records what progress was told."""

    plan: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    ended: dict[str, tuple[Outcome, str]] = field(default_factory=dict)

    def planned(self, jobs: Sequence[Job]) -> None:
        self.plan = [job.label for job in jobs]

    def started(self, job: Job) -> None:
        self.begun.append(job.label)

    def advanced(self, job: Job, step: Text) -> None:
        assert str(step)

    def finished(self, job: Job, outcome: Outcome, summary: Text, seconds: float) -> None:
        assert seconds >= 0
        self.ended[job.label] = (outcome, str(summary))


@dataclass
class Place:
    """A server with feeds, and the folder that is updated from it."""

    server: FeedServer
    folder: Path
    scratch: Path

    def serve(self, ecosystem: str, *records: dict[str, object]) -> Served:
        data = write_dump(self.scratch / "dump.zip", records).read_bytes()
        path = f"/osv/{ecosystem.replace(' ', '%20')}/all.zip"
        self.server.files[path] = Served(data)
        return self.server.files[path]

    def update(self, *names: str, now: str = NOW, everything: bool = False,
               told: Told | None = None) -> dict[str, FeedOutcome]:  # fmt: skip
        address = self.server.address
        addresses = Addresses(f"{address}/osv", f"{address}/kev.json", f"{address}/epss.csv.gz")
        outcomes = update(names, now, addresses, told or Told(), everything=everything,
                          folder=self.folder, manners=QUICK)  # fmt: skip
        return {one.name: one for one in outcomes}

    def ids(self, ecosystem: str, name: str) -> list[str]:
        index = open_index(self.folder)
        assert index is not None
        with index:
            return [entry.advisory for entry in index.affecting(ecosystem, [name])]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with feed_server() as server:
        made = Place(server, tmp_path / "advisories", tmp_path)
        made.serve("PyPI", osv("A"))
        made.serve("npm", osv("N", affects("npm", "demo")))
        kev = write_kev(tmp_path / "kev.json", "CVE-1").read_bytes()
        epss = write_epss(tmp_path / "epss.gz", {"CVE-1": 0.5}).read_bytes()
        server.files["/kev.json"] = Served(kev)
        server.files["/epss.csv.gz"] = Served(epss)
        yield made


def test_the_first_update_gets_what_is_named(place: Place) -> None:
    told = Told()
    outcomes = place.update("python", "kev", "EPSS", told=told)
    assert list(outcomes) == ["PyPI", "kev", "epss"]
    assert all(one.changed and one.problem is None for one in outcomes.values())
    assert place.ids("PyPI", "demo") == ["A"]
    pypi = outcomes["PyPI"].feed
    assert pypi is not None
    assert (pypi.published, pypi.current, pypi.fetched) == ("2026-01-01T00:00:00Z", NOW, NOW)
    kev = outcomes["kev"].feed
    assert kev is not None and (kev.published, kev.current) == ("2026-01-05T00:00:00Z", NOW)
    assert told.plan == ["PyPI", "KEV", "EPSS"]
    assert sorted(told.begun) == sorted(told.plan)
    assert told.ended["PyPI"] == (Outcome.COMPLETE, "1 record")
    assert list((place.folder / "downloads").iterdir()) == []


def test_without_names_the_usual_ones_then_those_that_are_there(place: Place) -> None:
    told = Told()
    first = place.update(told=told)
    assert told.plan == [*USUAL, "KEV", "EPSS"]
    assert first["PyPI"].changed and first["Debian"].problem is not None
    again = Told()
    place.update(told=again)
    assert again.plan == ["PyPI", "npm", "KEV", "EPSS"]


def test_what_did_not_change_is_not_sent_again_but_is_known_to_be_current(place: Place) -> None:
    place.update("PyPI", "kev")
    sent = place.server.sent
    outcomes = place.update("PyPI", "kev", now=LATER)
    assert place.server.sent == sent
    assert not outcomes["PyPI"].changed and outcomes["PyPI"].problem is None
    assert str(summary_of(outcomes["PyPI"])) == "unchanged"
    index = open_index(place.folder)
    assert index is not None
    with index:
        assert index.date == LATER
        assert [feed.fetched for feed in index.feeds] == [NOW, NOW]
    assert place.ids("PyPI", "demo") == ["A"]


def test_what_changed_takes_the_place_of_the_old(place: Place) -> None:
    place.update("PyPI", "npm")
    place.serve("PyPI", osv("B"), osv("C", affects("PyPI", "new")))
    outcomes = place.update("PyPI", now=LATER)
    assert outcomes["PyPI"].changed
    assert (place.ids("PyPI", "demo"), place.ids("PyPI", "new")) == (["B"], ["C"])
    assert place.ids("npm", "demo") == ["N"]


def test_a_failed_feed_stays_and_the_others_are_updated(place: Place) -> None:
    place.update("PyPI", "npm", "kev")
    place.server.files["/osv/npm/all.zip"].status = 404
    place.serve("PyPI", osv("B"))
    told = Told()
    outcomes = place.update("PyPI", "npm", "kev", "Go", now=LATER, told=told)
    assert outcomes["PyPI"].changed
    npm, go = outcomes["npm"], outcomes["Go"]
    assert npm.problem is not None and "there is nothing at" in str(npm.problem.message)
    assert npm.feed is not None and npm.feed.current == NOW
    assert go.feed is None and str(summary_of(go)) == "nothing at hand"
    assert told.ended["npm"] == (Outcome.FAILED, "stays as of 2026-01-10")
    assert (place.ids("PyPI", "demo"), place.ids("npm", "demo")) == (["B"], ["N"])


@pytest.mark.parametrize(
    "data",
    [b"<html>Please log in</html>", b"", b"PK\x03\x04", b"[]", b"{}", b"PK\x05\x06" + b"\0" * 18],
)
def test_what_is_no_dump_is_refused_and_asked_for_anew(place: Place, data: bytes) -> None:
    place.update("PyPI")
    place.server.files["/osv/PyPI/all.zip"] = Served(data)
    outcomes = place.update("PyPI", now=LATER)
    assert outcomes["PyPI"].problem is not None
    assert place.ids("PyPI", "demo") == ["A"]
    assert list((place.folder / "downloads").iterdir()) == []
    place.serve("PyPI", osv("B"))
    assert place.update("PyPI")["PyPI"].changed


def test_the_dump_of_another_ecosystem_is_refused(place: Place) -> None:
    place.serve("PyPI", osv("N", affects("npm", "demo")))
    problem = place.update("PyPI")["PyPI"].problem
    assert problem is not None and "says nothing about PyPI" in str(problem.message)
    assert open_index(place.folder) is None


@pytest.mark.parametrize("name", ["kev", "epss"])
def test_what_is_no_kev_and_no_epss_is_refused(place: Place, name: str) -> None:
    place.update("kev", "epss")
    for path in ("/kev.json", "/epss.csv.gz"):
        place.server.files[path] = Served(b"<html>")
    one = place.update("kev", "epss", now=LATER)[name]
    assert one.problem is not None
    assert one.feed is not None and one.feed.records == 1
    index = open_index(place.folder)
    assert index is not None
    with index:
        assert ("CVE-1" in index.kev, "CVE-1" in index.epss) == (True, True)


def test_a_dump_that_lost_half_is_taken_for_broken(place: Place) -> None:
    place.serve("PyPI", *(osv(f"A-{n}") for n in range(200)))
    place.update("PyPI")
    place.serve("PyPI", *(osv(f"A-{n}") for n in range(90)))
    one = place.update("PyPI", now=LATER)["PyPI"]
    assert one.problem is not None and "200" in str(one.problem.message)
    assert len(place.ids("PyPI", "demo")) == 200
    place.serve("PyPI", *(osv(f"A-{n}") for n in range(150)))
    assert place.update("PyPI")["PyPI"].changed


def test_unread_records_make_it_partial(place: Place) -> None:
    place.serve("PyPI", osv("A"), {"id": "ODD", "affected": 7})
    told = Told()
    one = place.update("PyPI", told=told)["PyPI"]
    assert one.changed and one.outcome is Outcome.PARTIAL
    assert one.problem is not None and "ODD" in str(one.problem.message)
    assert told.ended["PyPI"][0] is Outcome.PARTIAL
    # It stays partial when nothing changed.
    assert place.update("PyPI", now=LATER)["PyPI"].problem is not None


def test_everything_is_what_the_bucket_lists(place: Place) -> None:
    place.server.files["/osv/ecosystems.txt"] = Served(b"PyPI\nDebian:12\nnpm\n")
    place.serve("Debian", osv("D", affects("Debian:12", "x")))
    outcomes = place.update(everything=True)
    assert list(outcomes) == ["Debian", "PyPI", "npm", "kev", "epss"]
    assert all(one.changed for one in outcomes.values())


def test_a_mirror_without_a_list_is_asked_for_all_that_is_known(place: Place) -> None:
    outcomes = place.update(everything=True)
    assert outcomes["PyPI"].changed
    assert len(outcomes) > 40


def test_another_address_is_another_feed(place: Place) -> None:
    place.update("PyPI")
    place.server.files["/mirror/PyPI/all.zip"] = place.server.files["/osv/PyPI/all.zip"]
    (one,) = update(["PyPI"], LATER, Addresses(f"{place.server.address}/mirror"),
                    folder=place.folder, manners=QUICK)  # fmt: skip
    assert one.changed


def test_two_updates_at_once_exclude_each_other(place: Place) -> None:
    with alone(place.folder), pytest.raises(UserError, match="another process"):
        place.update("PyPI")


def test_a_damaged_database_is_told_and_left(place: Place) -> None:
    place.folder.mkdir()
    (place.folder / "advisories.sqlite").write_bytes(b"junk" * 2000)
    with pytest.raises(UserError, match="damaged"):
        place.update("PyPI")


def test_stop_ends_it(place: Place) -> None:
    place.server.files["/osv/PyPI/all.zip"].pause = 0.2
    stop = threading.Event()
    stop.set()
    outcomes = update(["PyPI"], NOW, Addresses(f"{place.server.address}/osv"),
                      folder=place.folder, manners=QUICK, stop=stop)  # fmt: skip
    assert outcomes[0].problem is not None and "cancelled" in str(outcomes[0].problem.message)


def test_how_old_a_feed_is(place: Place) -> None:
    feed = place.update("PyPI")["PyPI"].feed
    assert feed is not None
    assert standing(feed, "2026-01-17", 7).age_days == 7
    assert not standing(feed, "2026-01-17", 7).stale
    assert standing(feed, "2026-01-18T01:02:03Z", 7).stale
    assert standing(feed, "2025-01-01", 7).age_days == 0
    assert label_of("kev") == "KEV" and label_of("PyPI") == "PyPI"


def test_a_feed_without_a_date_is_stale(place: Place) -> None:
    feed = place.update("PyPI")["PyPI"].feed
    assert feed is not None
    from dataclasses import replace  # noqa: PLC0415

    unknown = standing(replace(feed, current=""), "2026-01-17", 7)
    assert (unknown.age_days, unknown.stale) == (None, True)

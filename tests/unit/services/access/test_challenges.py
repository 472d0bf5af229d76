"""Questions wait for one answer, for a time, for whoever has the word."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import home

from vigie.model.access import NotSignedIn
from vigie.services.access import challenges, guessing
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import CHALLENGES


def test_a_question_is_found_by_its_word_until_it_is_answered(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    word = here.write(lambda w: challenges.ask(w, here.place, "a", {"user": "u"}, 60))
    for wrong in (word[:-1] + ("0" if word[-1] != "0" else "1"), word.partition(".")[0], "", "."):
        with pytest.raises(NotSignedIn), store.database.begin(SYSTEM) as work:
            challenges.find(work, here.place, "a", wrong)
    with pytest.raises(NotSignedIn), store.database.begin(SYSTEM) as work:
        challenges.find(work, here.place, "b", word)
    with store.database.begin(SYSTEM) as work:
        found = challenges.find(work, here.place, "a", word)
        challenges.keep(work, found, {"user": "u", "tries": 1})
        again = challenges.find(work, here.place, "a", word)
        assert again.record["tries"] == 1
        challenges.end(work, again)
    with pytest.raises(NotSignedIn), store.database.begin(SYSTEM) as work:
        challenges.find(work, here.place, "a", word)


def test_its_time_ends_and_its_secret_is_not_kept(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    word = here.write(lambda w: challenges.ask(w, here.place, "a", {}, 60))
    with store.database.read(SYSTEM) as work:
        assert word.partition(".")[2] not in str(work.run(sa.select(CHALLENGES)).one())
    here.clock.move(seconds=60)
    with pytest.raises(NotSignedIn), store.database.begin(SYSTEM) as work:
        challenges.find(work, here.place, "a", word)
    here.clock.move(seconds=1)
    assert guessing.forget_old(here.place) == 1

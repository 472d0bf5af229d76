"""One code lets one in, however many come with it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyotp
from tests.access_made import PASSWORD, TOTP
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import home

from vigie.model.access import NotSignedIn
from vigie.services.access import signing_in
from vigie.services.access.signing_in import SecondFactorAsked, totp_place
from vigie.services.access.visits import Visit
from vigie.services.failures import TooMany
from vigie.stores.relational.ids import new_id


def test_a_code_that_comes_ten_times_at_once_lets_in_once(store: Store, tmp_path: Path) -> None:
    here, user = home(store, tmp_path), new_id()
    here.person(id=user, totp_secret=here.place.sealing.seal(TOTP, totp_place(user)))
    email, code = here.row(user)["email"], pyotp.TOTP(TOTP).at(here.clock.now)
    words = []
    for number in range(10):
        asked = signing_in.with_password(here.place, email, PASSWORD, Visit(f"192.0.2.{number}"))
        assert isinstance(asked, SecondFactorAsked)
        words.append(asked.challenge)

    def finish(word: str) -> bool:
        try:
            signing_in.with_second_factor(here.place, word, code, Visit("127.0.0.1"))
        except (NotSignedIn, TooMany):
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(finish, words)).count(True) == 1

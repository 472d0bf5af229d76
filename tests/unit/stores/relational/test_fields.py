"""What a list may be asked is told of each of its columns as it is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from vigie.stores.relational.fields import COUNT, FLAG, Field

COLUMNS = [
    (sa.column("revision", sa.Integer), COUNT),
    (sa.column("disabled", sa.Boolean), FLAG),
]


@pytest.mark.parametrize(("column", "right"), COLUMNS, ids=["number", "flag"])
def test_no_column_of_numbers_is_compared_with_words(column: object, right: object) -> None:
    with pytest.raises(TypeError, match="holds no text"):
        Field(column)
    assert Field(column, right).column is column  # type: ignore[arg-type]

"""Names and addresses, by the id of a client or worker."""

import pytest

from roundplan.errors import DataError
from roundplan.formats import Person, load_people


def test_people_are_found_by_their_ids(tmp_path):
    (tmp_path / "people.csv").write_text(
        "client_id,worker_id,name,address\nC1,,Ada,1 Road\n,W1,Bo,\n", encoding="utf-8"
    )
    assert load_people(tmp_path) == {
        "C1": Person(name="Ada", address="1 Road"),
        "W1": Person(name="Bo"),
    }


def test_no_file_means_nobody(tmp_path):
    assert load_people(tmp_path) == {}


@pytest.mark.parametrize(
    ("rows", "code"),
    [("C1,W1,Ada", "E1110"), (",,Ada", "E1110"), ("C1,,Ada\nC1,,Ada", "E1106")],
)
def test_a_row_is_of_one_person_and_errors_name_nobody(rows, code, tmp_path):
    text = f"client_id,worker_id,name\n{rows}\n"
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        load_people(tmp_path)
    assert [p.code for p in raised.value.problems] == [code]
    assert "Ada" not in str(raised.value)

"""Tables for statistics: every column is declared, the same bytes each time, no formula runs."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.surveyed import Survey, shown

from usfasc.errors import Code, UsageError
from usfasc.model import DISCLAIMER, Kind
from usfasc.survey.gathering import gather_findings
from usfasc.survey.record import read_record
from usfasc.survey.tables import FOLDER, table_columns, write_tables

FORMULA = '=cmd|"x"'


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    survey = Survey(tmp_path)
    survey.muscle("deltoid", "left", 2, 9, label="0")
    survey.muscle("deltoid", "left", 2, 9, label="0")
    survey.muscle("deltoid", "right", 5)
    survey.muscle("deltoid", "right", 5, session="2")
    survey.muscle(FORMULA, None, 5, subject="@S2")
    survey.fail("NOT_FOUND", muscle="tongue", side="midline")
    survey.write()
    return survey


def write(survey: Survey, **more: bool) -> dict[str, list[dict[str, str]]]:
    """Write the tables, and read them as a statistician does."""
    written = write_tables(survey.folder, gather_findings(survey.folder), **more)
    tables = [path for path in written if path.suffix == ".csv"]
    return {p.stem: list(csv.DictReader(io.StringIO(p.read_text("utf-8")))) for p in tables}


def test_tables_and_their_rows(survey: Survey) -> None:
    tables = write(survey)
    assert list(tables) == [*table_columns(), "dictionary"]
    numbers = {name: len(rows) for name, rows in tables.items() if name != "dictionary"}
    # Rows 1 and 2 are of one clip and region: its events stand once, both rows do.
    assert numbers == {
        "events": 5,
        "clips": 6,
        "muscles": 4,
        "subjects": 3,
        "rules": 33,
        "ratios": 2,
    }


def test_what_tables_tell(survey: Survey) -> None:
    tables = write(survey)
    event = tables["events"][0]
    assert (event["subject"], event["side"], event["clip"]) == ("S001", "left", survey.rows[0].clip)
    assert (event["kind"], event["counted"], event["onset_s"]) == ("fasciculation", "yes", "2.0")
    assert tables["clips"][5]["outcome"] == "NOT_FOUND"
    muscle = tables["muscles"][1]
    assert (muscle["muscle"], muscle["count"], muscle["saturated"]) == ("deltoid", "1", "no")
    subject = tables["subjects"][0]
    assert (subject["muscles"], subject["muscles_short"], subject["cervical_examined"]) == (
        "2",
        "1",
        "2",
    )
    assert "tongue" in subject["missing"]
    assert {rule["reached"] for rule in tables["rules"]} == {"", "yes", "no"} - {"yes", "no"}
    assert [ratio["comparison"] for ratio in tables["ratios"]] == ["left/right", "session/session"]


def test_movements_of_other_kinds_are_listed_and_not_counted(tmp_path: Path) -> None:
    survey = Survey(tmp_path)
    survey.add(shown(1, kind=Kind.TREMOR))
    survey.write()
    (event,) = write(survey)["events"]
    assert (event["kind"], event["counted"]) == ("tremor", "no")


def test_the_dictionary_is_of_the_tables(survey: Survey) -> None:
    tables = write(survey)
    *told, made, last = tables["dictionary"]
    for name, columns in table_columns().items():
        assert [row["column"] for row in told if row["table"] == name] == list(tables[name][0])
        assert len({column.name for column in columns}) == len(columns)
    assert all(row["meaning"].endswith(".") and row["kind"] for row in told)
    assert last["meaning"] == DISCLAIMER
    record = read_record(survey.folder)
    assert f"usfasc {record.engine.version} " in made["meaning"]
    assert record.parameters_digest in made["meaning"]


def test_units_in_names_are_those_of_the_dictionary() -> None:
    ends = {"_s": "s", "_mm": "mm", "_px": "px", "_mm2": "mm2", "_mm_s": "mm/s", "_deg": "deg"}
    for columns in table_columns().values():
        for column in columns:
            units = [unit for end, unit in ends.items() if column.name.endswith(end)]
            assert column.unit in units if units else column.unit in ("", "1/min", "Hz")


def test_no_text_is_run(survey: Survey) -> None:
    write(survey)
    for path in (survey.folder / FOLDER).iterdir():
        cells = [cell for row in csv.reader(path.read_text("utf-8").splitlines()) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert f"'{FORMULA}" in {row["muscle"] for row in write(survey)["muscles"]}


def test_the_same_bytes_each_time(survey: Survey) -> None:
    folder = survey.folder / FOLDER
    write(survey, parquet=True)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    write(survey, parquet=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    assert len(first) == 2 * len(table_columns()) + 1


def test_parquet_has_types_and_units(survey: Survey) -> None:
    from pyarrow import parquet

    tables = write(survey, parquet=True)
    table = parquet.read_table(survey.folder / FOLDER / "muscles.parquet")
    assert table.num_rows == len(tables["muscles"])
    types = {str(field.type) for field in table.schema}
    assert types == {"string", "int64", "double", "bool"}
    assert table.schema.field("assessable_s").metadata[b"unit"] == b"s"
    assert table.schema.metadata[b"disclaimer"] == DISCLAIMER.encode()
    # Types need no guard: nothing runs them.
    assert FORMULA in table.column("muscle").to_pylist()


def test_parquet_names_its_extra(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usfasc.survey.parquet.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="parquet") as refused:
        write(survey, parquet=True)
    assert refused.value.code is Code.MISSING_EXTRA
    assert not (survey.folder / FOLDER).exists()


def test_csv_needs_no_pyarrow() -> None:
    code = "import sys, usfasc.survey.tables; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

"""The table of candidates: a row each, with the event that one tells and all its features."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from usfasc.detect.features import Features
from usfasc.errors import OutputError
from usfasc.params import Parameters
from usfasc.phantom import Scene, Twitch, render
from usfasc.pipeline import conclude
from usfasc.report.candidates import FIRST_COLUMNS, write_candidates_csv
from usfasc.searching import survey

PARAMETERS = Parameters(look_score=0.0)
TWITCH = Twitch(onset_s=1.2, x_mm=10.0, y_mm=12.0, amplitude_mm=0.5, length_mm=7.0, width_mm=4.0)
SCENE = Scene(
    height_px=160,
    width_px=160,
    depth_mm=24.0,
    width_mm=24.0,
    duration_s=3.0,
    twitches=(TWITCH,),
)


@pytest.fixture(scope="module")
def cine():
    return render(SCENE, 8).cine


@pytest.fixture(scope="module")
def found(cine):
    return survey(cine, PARAMETERS)


@pytest.fixture(scope="module")
def rows(cine, found, tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "clip.candidates.csv"
    write_candidates_csv(path, found, cine, conclude(cine, (), PARAMETERS, found))
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_candidate_has_a_row_with_all_its_features(rows, found):
    (analysis,) = found
    assert len(rows) == len(analysis.movements) > 2
    assert list(rows[0]) == [*FIRST_COLUMNS, *Features.names()]
    by_onset = sorted(analysis.movements, key=lambda item: item.onset_s)
    for row, item in zip(rows, by_onset, strict=True):
        told = [float(row[name]) for name in Features.names()]
        assert told == pytest.approx(item.features.vector(), rel=1e-5)
        assert float(row["score"]) == pytest.approx(item.score, abs=5e-5)


def test_what_is_listed_names_its_event_and_the_rest_none(rows, cine, found):
    events = {event.event: event for event in conclude(cine, (), PARAMETERS, found).events}
    listed = [row for row in rows if row["event"]]
    assert {int(row["event"]) for row in listed} == set(events)
    assert len(listed) == len(events) < len(rows)
    for row in listed:
        event = events[int(row["event"])]
        assert row["kind"] == event.kind
        assert float(row["x_px"]) == pytest.approx(event.x_px, abs=12 / 0.15)
        assert float(row["score"]) == pytest.approx(event.score, abs=1e-4)
    assert all(not row["kind"] for row in rows if not row["event"])


def test_without_candidates_the_table_has_its_heading_alone(cine, found, tmp_path: Path):
    path = tmp_path / "clip.candidates.csv"
    none = [replace(found[0], movements=(), trains=())]
    write_candidates_csv(path, none, cine, conclude(cine, (), PARAMETERS, none))
    assert path.read_text(encoding="utf-8") == ",".join((*FIRST_COLUMNS, *Features.names())) + "\n"


def test_a_table_that_cannot_be_written_is_told(cine, found, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError):
        write_candidates_csv(
            tmp_path / "file" / "clip.candidates.csv",
            found,
            cine,
            conclude(cine, (), PARAMETERS, found),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["file"]

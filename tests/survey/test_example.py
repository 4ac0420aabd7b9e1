"""The example survey: whose clips, of which muscles, and headers that say so."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from usfasc.cli import run
from usfasc.io.header_words import HeaderWords, read_header_words
from usfasc.io.results import read_events_csv
from usfasc.model import Kind
from usfasc.regions.vocabulary import find_muscle
from usfasc.survey.drafting import draft_manifest
from usfasc.survey.example import example_clips, write_example_clip
from usfasc.survey.gathering import gather_findings
from usfasc.survey.guess import guess_muscle
from usfasc.survey.listed import read_listed
from usfasc.survey.manifest import write_manifest

CLIPS = example_clips(3.0)


def test_two_patients_six_muscles_both_sides() -> None:
    first = [clip for clip in CLIPS if clip.labels.study == "visit 1"]
    assert (len(CLIPS), len(first)) == (36, 32)
    muscles = Counter(
        (
            clip.labels.patient_id,
            clip.labels.series_description or clip.scene.name.rsplit("_", 1)[0],
        )
        for clip in first
    )
    assert len(muscles) == 24
    assert Counter(muscles.values()) == {1: 20, 3: 4}
    assert len({(clip.folder, clip.scene.name) for clip in CLIPS}) == len(CLIPS)
    assert len({clip.scene.seed for clip in CLIPS}) == len(CLIPS)


def test_headers_and_names_tell_every_muscle_and_side() -> None:
    for clip in CLIPS:
        told = clip.labels.series_description
        words = HeaderWords(texts=(told,) if told else (), laterality=clip.labels.laterality)
        muscle, side = guess_muscle(words, clip.scene.name, clip.folder.parts[::-1])
        assert find_muscle(muscle) is not None
        assert side in ("left", "right")


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first clip of each patient and visit."""
    folder = tmp_path_factory.mktemp("example")
    for clip in {clip.folder: clip for clip in reversed(CLIPS)}.values():
        write_example_clip(clip, folder)
    return folder


def test_a_clip_and_its_truth(visits: Path) -> None:
    path = visits / "visit-1" / "patient-1" / "IM_0001.dcm"
    words = read_header_words(path)
    assert words.identity.patient_id == "EXAMPLE-1"
    assert (words.texts, words.laterality) == (("upper trapezius left",), "L")
    assert read_events_csv(path.with_suffix(".truth.csv"))


def test_the_same_clip_has_the_same_bytes(visits: Path, tmp_path: Path) -> None:
    again = write_example_clip(CLIPS[0], tmp_path)
    assert again.read_bytes() == (visits / again.relative_to(tmp_path)).read_bytes()


def test_a_second_visit_joins_the_first(visits: Path, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    write_manifest(table, draft_manifest([visits / "visit-1"], tmp_path).rows)
    later = draft_manifest([visits / "visit-2"], tmp_path, (), read_listed(table))
    assert [(row["subject"], row["session"]) for row in later.rows] == [("S001", "2")]


def test_clips_that_are_too_short_are_refused(tmp_path: Path) -> None:
    assert run(["survey", "example", "--out", str(tmp_path / "out"), "--duration", "1"]) == 2
    assert not (tmp_path / "out").exists()


def twitches(folder: Path) -> int:
    tables = (read_events_csv(path) for path in folder.glob("*.truth.csv"))
    return sum(event.kind is Kind.FASCICULATION for events in tables for event in events)


@pytest.mark.nightly
def test_from_nothing_to_a_report(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way of README's example, with real clips beside."""
    monkeypatch.chdir(tmp_path)
    for words in (
        ("example", "--duration", "5"),
        ("init", "example/visit-1", str(shared_data), "--out", "survey.csv"),
        ("init", "example/visit-2", "--out", "survey.csv", "--add"),
        ("check", "survey.csv"),
        ("run", "survey.csv", "--out", "survey"),
        ("report", "survey", "--pdf"),
        ("tables", "survey", "--parquet"),
    ):
        assert run(["survey", *words]) == 0, words
    found = gather_findings(tmp_path / "survey")
    sessions = {(each.subject, each.session): each for each in found.subjects}
    assert set(sessions) == {("S001", "1"), ("S001", "2"), ("S002", "1"), ("", "")}
    places = {
        ("S001", "1"): "visit-1/patient-1",
        ("S001", "2"): "visit-2/patient-1",
        ("S002", "1"): "visit-1/patient-2",
    }
    true = {who: twitches(tmp_path / "example" / place) for who, place in places.items()}
    counted = {who: sum(each.count for each in sessions[who].muscles) for who in places}
    assert all(counted[who] <= true[who] + 1 for who in places)
    assert sum(counted.values()) >= 0.75 * sum(true.values())
    assert sorted(len(muscle.clips) for muscle in sessions["S001", "1"].muscles) == [
        *[1] * 10,
        *[3] * 2,
    ]
    # A frozen clip is among the real ones.
    assert "not_assessable" in {muscle.status for muscle in sessions["", ""].muscles}
    for path in (tmp_path / "survey").rglob("*"):
        assert path.is_dir() or str(tmp_path).encode() not in path.read_bytes()

"""A survey's run: every row has its outcome, and what is finished is never done twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fixtures.survey import Anew, Here, kept, manifest, row, run_here, write_clip, write_survey

from usfasc.errors import Code, InputError
from usfasc.io.dicom_labels import Labels, label_clip
from usfasc.io.results import read_events_csv, read_result, result_paths
from usfasc.survey.record import (
    OK,
    RECORD,
    RecordRow,
    event_path,
    read_record,
    result_path,
    still_path,
)
from usfasc.verification import KnownClips, Sources, Verdict, verify


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a manifest of two clips and, in ``out``, its survey."""
    folder = tmp_path_factory.mktemp("surveyed")
    run_here(write_survey(folder, clips=2), folder / "out")
    return folder


@pytest.fixture
def study(surveyed: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(surveyed, tmp_path / "study")
    return tmp_path / "study"


def outcomes(rows: tuple[RecordRow, ...]) -> list[str]:
    return [each.outcome for each in rows]


def test_files_of_a_survey(surveyed: Path) -> None:
    out = surveyed / "out"
    record = read_record(out)
    assert outcomes(record.rows) == [OK, OK]
    for each in record.rows:
        assert each.clip is not None
        result = read_result(result_path(out, each.clip))
        assert result.source.sha256.startswith(each.clip)
        assert {one.region for one in result.summaries} == {each.region, "*"}
        assert read_events_csv(result_paths(out, each.clip)[1]) != ()
        assert still_path(out, each.clip).is_file()
        assert event_path(out, each.clip, 1).is_file()
    names = {path.name.split(".")[0] for path in out.iterdir() if path.is_file()}
    assert names == {"survey", "run", *(each.clip for each in record.rows)}


def test_results_of_a_survey_come_out_the_same_again(surveyed: Path) -> None:
    sources = Sources(clips=KnownClips(surveyed))
    paths = [path for path, _ in (result_paths(surveyed / "out", c) for c in clips_of(surveyed))]
    assert [verify(path, sources).verdict for path in paths] == [Verdict.SAME, Verdict.SAME]


def clips_of(surveyed: Path) -> list[str]:
    return [each.clip for each in read_record(surveyed / "out").rows if each.clip is not None]


def test_rows_say_what_the_manifest_said(surveyed: Path) -> None:
    first, second = read_record(surveyed / "out").rows
    assert (first.row, first.subject, first.session) == (1, "S001", "1")
    assert (first.muscle, first.region) == ("tibialis anterior", "tibialis anterior")
    assert second.muscle == "tongue"


def test_the_table_has_the_word_and_the_header_none(tmp_path: Path) -> None:
    for number in (1, 2):
        said = Labels(
            patient_id="P",
            patient_name="Nobody",
            study="1",
            series_description="biceps",
            laterality="L",
            number=number,
        )
        label_clip(write_clip(tmp_path / "clips" / f"{number}.dcm", number), said)
    rows = row("clips/1.dcm"), row("clips/2.dcm", muscle="soleus", side="right")
    run_here(manifest(tmp_path, *rows), tmp_path / "out")
    silent, other = read_record(tmp_path / "out").rows
    assert (silent.muscle, silent.side, silent.region) == ("", None, "*")
    assert (other.muscle, other.side, other.region) == ("soleus", "right", "soleus, right")
    names = {}
    for each in (silent, other):
        result = read_result(result_path(tmp_path / "out", each.clip or ""))
        names[each.row] = [region.name for region in result.regions]
        told = [warning for warning in result.warnings if "The header says" in warning]
        assert len(told) == (2 if each is other else 0)
    assert names == {1: ["whole image"], 2: ["soleus, right"]}


def test_a_second_run_does_nothing(study: Path) -> None:
    before, crew = kept(study / "out"), Here()
    ran = run_here(study / "survey.csv", study / "out", crew)
    assert crew.worked_on == []
    assert (ran.judged, ran.kept, ran.unlisted, ran.failed) == (0, 2, 0, ())
    assert kept(study / "out") == before


def test_another_order_and_another_place_give_the_same_bytes(study: Path, tmp_path: Path) -> None:
    class Backwards(Anew):
        def outputs(self, tasks):
            yield from super().outputs(list(reversed(list(tasks))))

    (tmp_path / "elsewhere").mkdir()
    shutil.move(study / "clips", tmp_path / "elsewhere")
    shutil.move(study / "survey.csv", tmp_path / "elsewhere")
    run_here(tmp_path / "elsewhere" / "survey.csv", tmp_path / "again", Backwards())
    assert kept(tmp_path / "again") == kept(study / "out")


def test_another_parameter_is_another_survey(study: Path) -> None:
    before, crew = kept(study / "out"), Here()
    run_here(study / "survey.csv", study / "out", crew, count_score=0.99)
    assert len(crew.worked_on) == 2
    after = kept(study / "out")
    assert read_record(study / "out").parameters["count_score"] == 0.99
    # Nothing is counted any more: the loops of what was are gone.
    assert {name for name in before if ".event-" in name} and not any(".event-" in n for n in after)
    run_here(study / "survey.csv", study / "out")
    assert kept(study / "out") == before


def test_another_region_file_is_another_task(study: Path) -> None:
    regions = study / "regions.json"
    corner = {"name": "corner", "polygon": [[0, 0], [170, 0], [170, 140]]}
    table = manifest(study, row("clips/1.dcm", regions="regions.json"))
    for polygon in (corner["polygon"], [[10, 10], [170, 10], [170, 140]]):
        regions.write_text(json.dumps([corner | {"polygon": polygon}]), encoding="utf-8")
        for times in (1, 0):
            crew = Here()
            ran = run_here(table, study / "out", crew)
            assert len(crew.worked_on) == times
            assert ran.record.rows[0].region == "corner"


def test_a_replaced_clip_is_judged_anew(study: Path) -> None:
    old = read_record(study / "out").rows
    write_clip(study / "clips" / "1.dcm", seed=77)
    crew = Here()
    ran = run_here(study / "survey.csv", study / "out", crew)
    new = ran.record.rows
    assert crew.worked_on == [new[0].clip]
    assert new[0].clip != old[0].clip
    assert new[1] == old[1]
    # What may have been reviewed is never thrown away.
    assert ran.unlisted == 1
    assert old[0].clip is not None
    assert result_path(study / "out", old[0].clip).is_file()


def test_a_clip_that_changes_while_it_waits_is_not_taken_for_the_old_one(study: Path) -> None:
    class Meddled(Anew):
        def outputs(self, tasks):
            write_clip(study / "clips" / "1.dcm", seed=78)
            yield from super().outputs(tasks)

    ran = run_here(study / "survey.csv", study / "new", Meddled())
    assert outcomes(ran.record.rows) == [Code.CLIP_CHANGED, OK]


@pytest.mark.parametrize("damage", ["usfasc.json", "events.csv", "still.png", "event-001.webp"])
def test_what_was_damaged_or_lost_is_made_anew(study: Path, damage: str) -> None:
    before = kept(study / "out")
    clip = read_record(study / "out").rows[0].clip
    path = study / "out" / f"{clip}.{damage}"
    if damage == "still.png":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9])
    crew = Here()
    run_here(study / "survey.csv", study / "out", crew)
    assert crew.worked_on == [clip]
    assert kept(study / "out") == before


def test_a_torn_receipt_is_none(study: Path) -> None:
    clip = read_record(study / "out").rows[0].clip
    (study / "out" / "finished" / f"{clip}.json").write_text("{", encoding="utf-8")
    crew = Here()
    run_here(study / "survey.csv", study / "out", crew)
    assert crew.worked_on == [clip]


def test_a_failing_clip_is_a_row_and_is_tried_again(study: Path) -> None:
    good = (study / "clips" / "1.dcm").read_bytes()
    (study / "clips" / "1.dcm").write_bytes(good[: len(good) // 2])
    (study / "clips" / "2.dcm").unlink()
    write_clip(study / "clips" / "3.dcm", seed=3)
    table = manifest(study, *(row(f"clips/{n}.dcm") for n in (1, 2, 3)))
    ran = run_here(table, study / "new")
    assert outcomes(ran.record.rows) == [Code.TRUNCATED, Code.NOT_FOUND, OK]
    assert all(each.sentence for each in ran.failed)
    assert [each.region for each in ran.record.rows] == ["", "", "*"]
    crew = Here()
    run_here(table, study / "new", crew)
    assert crew.worked_on == [ran.record.rows[0].clip]


def test_what_is_no_file_is_not_read(study: Path) -> None:
    ran = run_here(manifest(study, row("clips"), row("clips/1.dcm")), study / "new")
    assert outcomes(ran.record.rows) == [Code.UNREADABLE, OK]


def test_one_content_is_judged_once(study: Path) -> None:
    shutil.copy(study / "clips" / "1.dcm", study / "clips" / "copy.dcm")
    rows = [row("clips/1.dcm", muscle="tongue"), row("clips/copy.dcm", muscle="tongue")]
    crew = Here()
    ran = run_here(manifest(study, *rows), study / "new", crew)
    assert len(crew.worked_on) == 1
    assert outcomes(ran.record.rows) == [OK, Code.LISTED_TWICE]
    assert "row 1" in ran.record.rows[1].sentence


def test_clips_may_lie_anywhere_and_nothing_tells_where(study: Path, tmp_path: Path) -> None:
    other = tmp_path / "GEHEIM Größe"
    other.mkdir()
    for number in (1, 2):
        shutil.move(study / "clips" / f"{number}.dcm", other / f"{number}.dcm")
    names = (str(other / "1.dcm"), "../GEHEIM Größe/2.dcm")
    ran = run_here(manifest(study, *map(row, names)), study / "new")
    assert outcomes(ran.record.rows) == [OK, OK]
    assert not [name for name, data in kept(study / "new").items() if b"GEHEIM" in data]


def test_muscles_of_one_clip_are_one_task(study: Path) -> None:
    polygons = {"upper": [[0, 0], [170, 0], [170, 70]], "lower": [[0, 75], [170, 75], [170, 140]]}
    drawn = [
        {"name": name, "muscle": muscle, "polygon": polygon}
        for (name, polygon), muscle in zip(polygons.items(), ("bic", None), strict=True)
    ]
    (study / "drawn.json").write_text(json.dumps(drawn), encoding="utf-8")
    table = manifest(
        study,
        row("clips/1.dcm", regions="drawn.json#upper"),
        row("clips/1.dcm", regions="#lower", muscle="brachialis"),
        row("clips/1.dcm", regions="drawn.json#middle"),
    )
    crew = Here()
    ran = run_here(table, study / "new", crew)
    assert len(crew.worked_on) == 1
    assert outcomes(ran.record.rows) == [OK, OK, Code.NO_REGION]
    assert [each.region for each in ran.record.rows] == ["upper", "lower", ""]
    # The row's own word stands before that of the file.
    assert [each.muscle for each in ran.record.rows[:2]] == ["biceps brachii", "brachialis"]


def test_rows_that_contradict_each_other_fail_together(study: Path) -> None:
    table = manifest(study, row("clips/1.dcm", depth_mm=30), row("clips/1.dcm"), row("clips/2.dcm"))
    ran = run_here(table, study / "new")
    assert outcomes(ran.record.rows) == [Code.CONTRADICTION, Code.CONTRADICTION, OK]


def test_a_run_that_stops_leaves_a_record_that_is_true(study: Path) -> None:
    class Stopped(Here):
        def outputs(self, tasks):
            yield next(super().outputs(tasks))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_here(study / "survey.csv", study / "new", Stopped())
    assert sorted(outcomes(read_record(study / "new").rows)) == [Code.PENDING, OK]
    crew = Here()
    ran = run_here(study / "survey.csv", study / "new", crew)
    assert (len(crew.worked_on), ran.kept) == (1, 1)
    assert kept(study / "new") == kept(study / "out")


def test_what_died_is_a_row(study: Path) -> None:
    class Deadly(Here):
        def outputs(self, tasks):
            first, *rest = tasks
            yield first, None
            yield from super().outputs(rest)

    ran = run_here(study / "survey.csv", study / "new", Deadly())
    assert sorted(outcomes(ran.record.rows)) == [Code.WORKER_DIED, OK]


def test_a_worker_of_another_version_is_told(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from usfasc.model import Engine
    from usfasc.survey import tasks

    monkeypatch.setattr(tasks, "engine", lambda: Engine(version="0.0.1"))
    ran = run_here(study / "survey.csv", study / "new", Anew())
    assert outcomes(ran.record.rows) == [Code.OTHER_ENGINE, Code.OTHER_ENGINE]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[]", Code.BAD_RESULT),
        ('{"schema_version": 2}', Code.NEWER_SCHEMA),
        ('{"schema_version": 1}', Code.BAD_RESULT),
    ],
)
def test_a_record_that_is_none(tmp_path: Path, content: str, code: Code) -> None:
    (tmp_path / RECORD).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_record(tmp_path)
    assert raised.value.code is code

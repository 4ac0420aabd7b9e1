"""Results come out the same again, whatever the user said; what differs is named."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest
from fixtures.outcomes import make_region
from fixtures.twitching import write_twitching

from usfasc.derive import derive
from usfasc.io.dicom_labels import Labels, label_clip
from usfasc.io.results import read_result, result_bytes, write_result
from usfasc.model import Line, Reading, Result, Side
from usfasc.params import Parameters
from usfasc.pipeline import analyse, read_cine
from usfasc.review import Session, counted
from usfasc.verification import Check, GivenClip, KnownClips, Sources, Verdict, Verification, verify

UPPER = make_region("upper, as drawn", (5.123456, 5, 170, 70.654321), muscle="biceps brachii")
LOWER = make_region("lower", (5, 75, 170, 145), muscle="brachialis")
LINES = (
    Line(points=((0, 20), (60, 24.5), (179, 22))),
    Line(points=((0, 70), (90, 74), (179, 71))),
)
READINGS = {
    "nothing": Reading(),
    "one muscle": Reading(muscle="biceps brachii", side=Side.LEFT),
    "layers": Reading(layers=("biceps brachii", "brachialis"), side=Side.RIGHT),
    "whole": Reading(whole=True),
    "polygons": Reading(regions=(UPPER, LOWER)),
    "lines": Reading(lines=LINES, layers=("biceps brachii", "brachialis")),
    "rate, depth and box": Reading(frame_rate_hz=24.7, depth_mm=33.3, bmode=(8, 4, 171, 148)),
    "spacing": Reading(spacing_mm=(0.19, 0.21)),
    "a part": Reading(part_s=(1.0, 3.5)),
}


@pytest.fixture(scope="module")
def small_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_twitching(tmp_path_factory.mktemp("clips") / "small.dcm")


def made(clip: Path, folder: Path, reading: Reading, parameters: Parameters | None = None) -> Path:
    result, _ = derive(read_cine(clip, reading), reading, parameters)
    return write_result(result, folder, "small")[0]


def looked_at(path: Path, clip: Path, reviews: Path | None = None) -> Verification:
    return verify(path, Sources(clips=GivenClip(clip), reviews=reviews))


def states(verification: Verification) -> dict[Check, bool | None]:
    return {finding.check: finding.holds for finding in verification.findings}


def changed(path: Path, **more: object) -> None:
    """Say something else in a result, as if an engine of its own had written it."""
    result = read_result(path).model_copy(update=more)
    write_result(result, path.parent, "small")


def test_readings_cover_all_that_a_user_can_say() -> None:
    for field in fields(Reading):
        assert any(getattr(each, field.name) for each in READINGS.values()), field.name


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS.keys())
def test_whatever_the_user_said_is_kept(small_clip: Path, tmp_path: Path, reading: Reading) -> None:
    path = made(small_clip, tmp_path, reading)
    assert read_result(path).given == reading
    seen = looked_at(path, small_clip)
    assert seen.verdict is Verdict.SAME, seen
    assert seen.differences == ()
    assert seen.made_by == ()


def test_what_the_header_says_is_taken_again(small_clip: Path, tmp_path: Path) -> None:
    clip = Path(shutil.copy(small_clip, tmp_path / "labelled.dcm"))
    said = Labels(
        patient_id="", patient_name="", study="1", series_description="biceps", laterality="L"
    )
    label_clip(clip, said)
    path = made(clip, tmp_path / "results", Reading(whole=True))
    assert [region.name for region in read_result(path).regions] == ["biceps brachii, left"]
    assert looked_at(path, clip).verdict is Verdict.SAME


def test_parameters_are_those_of_the_result(small_clip: Path, tmp_path: Path) -> None:
    path = made(small_clip, tmp_path, Reading(), Parameters(list_score=0.0, count_score=0.3))
    assert looked_at(path, small_clip).verdict is Verdict.SAME


@pytest.fixture
def path(small_clip: Path, tmp_path: Path) -> Path:
    """A result that has events."""
    path = made(small_clip, tmp_path / "results", Reading(), Parameters(list_score=0.0))
    assert read_result(path).events
    return path


def test_what_differs_is_named(path: Path, small_clip: Path) -> None:
    result = read_result(path)
    first = result.events[0]
    later = first.model_copy(update={"onset_s": first.onset_s + 0.02, "score": 0.001})
    summary = result.summaries[-1].model_copy(update={"count": 7})
    changed(
        path,
        events=(later, *result.events[1:]),
        summaries=(*result.summaries[:-1], summary),
        warnings=(*result.warnings, "The probe was cold."),
        source=result.source.model_copy(update={"decoder": "another"}),
    )
    seen = looked_at(path, small_clip)
    assert states(seen)[Check.FILE] is True
    assert states(seen)[Check.RECOMPUTED] is False
    assert seen.verdict is Verdict.DIFFERS
    said = {each.field: (each.stored, each.now) for each in seen.differences if not each.near}
    assert said["source, decoder"] == ("another", "simplejpeg")
    assert said["result of the whole image, count"] == ("7", str(result.summaries[-1].count))
    assert said['warning "The probe was cold."'] == ("told", "nothing")
    (onset,) = (value for field, value in said.items() if re.match("event 1.*, onset_s", field))
    assert onset == (str(later.onset_s), str(first.onset_s))


def test_an_event_that_is_not_found_again_does_not_make_the_others_differ(
    path: Path, small_clip: Path
) -> None:
    result = read_result(path)
    first = result.events[0]
    odd = first.model_copy(
        update={"onset_s": 0.3, "offset_s": 0.5, "x_px": 2.0, "borderline": True}
    )
    numbered = [
        event.model_copy(update={"event": number})
        for number, event in enumerate((odd, *result.events), start=1)
    ]
    changed(path, events=tuple(numbered))
    (lost,) = looked_at(path, small_clip).differences
    assert (lost.field, lost.now) == ("event 1", "nothing")
    assert lost.stored.endswith("at 0.30 s, borderline")


def test_last_digits_are_told_and_do_not_fail(path: Path, small_clip: Path) -> None:
    result = read_result(path)
    first = result.events[0]
    shifted = first.model_copy(update={"x_px": first.x_px + 0.02, "onset_s": first.onset_s + 0.001})
    changed(path, events=(shifted, *result.events[1:]))
    seen = looked_at(path, small_clip)
    assert seen.verdict is Verdict.NEAR
    assert all(each.near for each in seen.differences)
    assert len(seen.differences) == 2


def test_versions_that_made_it_are_told_and_do_not_fail(path: Path, small_clip: Path) -> None:
    result = read_result(path)
    libraries = {**result.engine.libraries, "numpy": "1.0"}
    changed(path, engine=result.engine.model_copy(update={"libraries": libraries}))
    seen = looked_at(path, small_clip)
    assert seen.verdict is Verdict.SAME
    assert seen.made_by[0].startswith("numpy 1.0, here ")


def test_what_differs_may_do_so_where_another_usfasc_made_it(path: Path, small_clip: Path) -> None:
    result = read_result(path)
    told = {"warnings": (*result.warnings, "As it was said then.")}
    changed(path, **told)
    assert "may" not in recomputed(looked_at(path, small_clip))
    changed(path, **told, engine=result.engine.model_copy(update={"version": "0.0.9"}))
    seen = looked_at(path, small_clip)
    assert seen.verdict is Verdict.DIFFERS
    assert ", as it may: usfasc 0.0.9 made it, and this is " in recomputed(seen)


def recomputed(seen: Verification) -> str:
    (found,) = (each for each in seen.findings if each.check is Check.RECOMPUTED)
    return found.sentence


def test_parameters_that_do_not_fit_their_digest_are_told(path: Path, small_clip: Path) -> None:
    changed(path, parameters={**read_result(path).parameters, "count_score": 0.7})
    assert states(looked_at(path, small_clip))[Check.PARAMETERS] is False


def test_parameters_of_another_usfasc_are_told(path: Path, small_clip: Path) -> None:
    changed(path, parameters={**read_result(path).parameters, "no_such": 1.0})
    seen = states(looked_at(path, small_clip))
    assert seen[Check.PARAMETERS] is None
    assert seen[Check.RECOMPUTED] is False


HOSTILE = {
    "a pixel of a nanometre": Reading(spacing_mm=(1e-6, 1e-6)),
    "no depth": Reading(depth_mm=0.0),
    "a frame in a year": Reading(frame_rate_hz=1e-8),
    "a box outside": Reading(bmode=(-5, 0, 10**6, 10**6)),
    "a part that ends before it begins": Reading(part_s=(3.0, 1.0)),
    "a region of no area": Reading(regions=(make_region("x", (5, 5, 5, 5)),)),
}


@pytest.mark.parametrize("given", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_nobody_can_have_said_is_refused(path: Path, small_clip: Path, given: Reading) -> None:
    changed(path, given=given)
    (failed,) = (each for each in looked_at(path, small_clip).findings if each.holds is False)
    assert failed.check is Check.RECOMPUTED
    assert str(failed.code).startswith("BAD_")


def older(path: Path) -> None:
    """Take out what older results do not have."""
    data = json.loads(path.read_bytes())
    del data["given"], data["digest"], data["pictures"]
    for summary in data["summaries"]:
        del summary["area_mm2"], summary["density_per_mm2_min"]
    for event in data["events"]:
        del event["course"]
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize("reading", [READINGS["nothing"], READINGS["one muscle"]])
def test_a_result_of_an_older_usfasc(small_clip: Path, tmp_path: Path, reading: Reading) -> None:
    path = made(small_clip, tmp_path, reading)
    older(path)
    seen = looked_at(path, small_clip)
    assert states(seen)[Check.FILE] is None
    assert seen.verdict is Verdict.SAME, seen


@pytest.mark.parametrize("regions", [(), (UPPER, LOWER)])
def test_a_result_of_the_python_interface(
    small_clip: Path, tmp_path: Path, regions: tuple[()]
) -> None:
    result: Result = analyse(read_cine(small_clip), regions)
    path, _ = write_result(result, tmp_path, "small")
    assert looked_at(path, small_clip).verdict is Verdict.SAME


@pytest.mark.parametrize("go_on", [False, True])
def test_a_reviewed_result_follows_its_reader_again(
    path: Path, small_clip: Path, tmp_path: Path, go_on: bool
) -> None:
    session = Session.open(path, "anna")
    session.reject(1)
    session.add(onset_s=1.1, x_px=50, y_px=40)
    session.not_assessable("*", 3.0, 3.4, "coughed")
    reviewed, _ = write_result(
        counted(read_result(path), session.review), tmp_path / "reviewed", "small"
    )
    if go_on:
        session.undo()
        session.accept(1)
    seen = looked_at(reviewed, small_clip, reviews=tmp_path)
    assert seen.verdict is Verdict.SAME, seen
    assert states(seen)[Check.REVIEW] is True
    alone = looked_at(reviewed, small_clip)
    assert states(alone)[Check.REVIEW] is False
    assert [str(finding.code) for finding in alone.findings if finding.code] == ["NOT_FOUND"]
    review = path.with_name("small.review.anna.jsonl")
    review.write_bytes(review.read_bytes().replace(b"coughed", b"laughed"))
    assert states(looked_at(reviewed, small_clip, reviews=tmp_path))[Check.REVIEW] is False


def test_clips_are_known_by_their_bytes(path: Path, small_clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    (folder / "deep").mkdir(parents=True)
    result = read_result(path)
    (folder / "small.dcm").write_bytes(b"of another patient")
    sources = Sources(clips=KnownClips(folder), recompute=False)
    (told,) = (f for f in verify(path, sources).findings if f.check is Check.CLIP)
    assert (told.holds, told.code) == (False, "CLIP_CHANGED")
    (folder / "small.dcm").rename(folder / "other.dcm")
    sources = Sources(clips=KnownClips(folder), recompute=False)
    (told,) = (f for f in verify(path, sources).findings if f.check is Check.CLIP)
    assert (told.holds, told.code) == (False, "NOT_FOUND")
    (folder / "deep" / "whatever").write_bytes(small_clip.read_bytes())
    clips = KnownClips(folder)
    assert clips.find(result.source.sha256, "small").name == "whatever"
    seen = verify(path, Sources(clips=clips, recompute=False))
    assert seen.verdict is Verdict.WHOLE
    assert Check.RECOMPUTED not in states(seen)


def test_a_result_is_written_with_what_its_user_said_to_the_byte(
    small_clip: Path, tmp_path: Path
) -> None:
    path = made(small_clip, tmp_path, READINGS["polygons"])
    result = read_result(path)
    assert result.given is not None
    assert result.given.regions[0].polygon[0] == (5.123456, 5.0)
    assert result_bytes(result) == path.read_bytes()

"""The whole way, on small clips whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from usfasc.errors import Code, InputError
from usfasc.io import memory_cine
from usfasc.io.results import result_bytes
from usfasc.model import WHOLE_IMAGE, Bmode, Kind, Reading, Region, Status
from usfasc.phantom import Scene, Twitch, render
from usfasc.pipeline import analyse, outline_and_analyse
from usfasc.regions import whole_regions

SCENE = Scene(
    height_px=240, width_px=240, depth_mm=30.0, width_mm=30.0, duration_s=5.0, twitches=()
)
LEFT = Twitch(onset_s=1.5, x_mm=7.0, y_mm=12.0, amplitude_mm=0.5, length_mm=7.0, width_mm=4.0)
RIGHT = replace(LEFT, onset_s=3.2, x_mm=23.0, y_mm=18.0)
REGIONS = (
    Region(name="left half", polygon=((0, 0), (119, 0), (119, 239), (0, 239))),
    Region(name="right half", polygon=((121, 0), (239, 0), (239, 239), (121, 239))),
)


@pytest.fixture(scope="module")
def cine():
    return render(replace(SCENE, twitches=(LEFT, RIGHT)), 8).cine


@pytest.fixture(scope="module")
def result(cine):
    return analyse(cine, REGIONS)


def counted(result):
    return [event for event in result.events if event.kind is Kind.FASCICULATION]


def test_each_region_counts_its_own(result):
    counts = {row.region: row.count for row in result.summaries}
    assert counts == {"left half": 1, "right half": 1, WHOLE_IMAGE: 2}
    assert [event.region for event in counted(result)] == ["left half", "right half"]


def test_an_event_tells_when_where_and_how_much(result):
    for event, truth in zip(counted(result), (LEFT, RIGHT), strict=True):
        assert event.onset_s == pytest.approx(truth.onset_s, abs=0.06)
        assert event.onset_s < event.peak_s < event.offset_s
        assert event.x_mm == pytest.approx(truth.x_mm, abs=3)
        assert event.y_mm == pytest.approx(truth.y_mm, abs=3)
        assert event.start_frame <= event.peak_frame < event.stop_frame
        assert event.peak_displacement_mm == pytest.approx(truth.amplitude_mm, rel=0.5)
        assert 0 < event.flow_share <= 1
        assert "score" in event.reason


def test_spans_of_every_region_cover_the_clip(result, cine):
    for name in ("left half", "right half", WHOLE_IMAGE):
        spans = [span for span in result.assessable if span.region == name]
        total = sum(span.stop_s - span.start_s for span in spans)
        assert total == pytest.approx(cine.duration_s, abs=0.02)
        assert spans[0].reason == spans[-1].reason == "start or end of the clip"


def test_two_runs_give_the_same_bytes(result, cine):
    assert result_bytes(analyse(cine, REGIONS)) == result_bytes(result)


def test_clips_analysed_before_change_nothing():
    """A movement in the corner of a coarse picture leaves a crop of 42 pixels to measure."""
    coarse = replace(SCENE, height_px=132, width_px=132, duration_s=3.0, bone=False, muscles=1)
    middle, corner = (
        render(replace(coarse, twitches=(replace(LEFT, x_mm=x_mm, y_mm=y_mm),)), 8).cine
        for x_mm, y_mm in ((14.0, 14.0), (0.5, 29.0))
    )
    alone = result_bytes(analyse(middle))
    assert analyse(corner).events
    assert result_bytes(analyse(middle)) == alone


def test_muscles_find_themselves_and_leave_the_whole_as_it_is(result, cine):
    found, _ = outline_and_analyse(cine, Reading())
    assert found.summaries[-1] == result.summaries[-1]
    assert {region.origin for region in found.regions} == {"automatic"}
    assert {row.region for row in found.summaries} == {*(r.name for r in found.regions), "*"}
    assert any(line.proposed for line in found.lines)
    assert not any("is one region, since" in warning for warning in found.warnings)


def test_without_a_scale_the_whole_is_one_region_and_says_why(cine):
    found, _ = outline_and_analyse(replace(cine, spacing_mm=None), Reading())
    assert [region.origin for region in found.regions] == ["whole"]
    assert any("is one region, since the scale is not known" in w for w in found.warnings)


def test_regions_do_not_change_the_whole(result, cine):
    whole = analyse(cine).summaries[-1]
    assert whole == result.summaries[-1]


def test_an_uncalibrated_clip_is_analysed_and_says_so(cine):
    result = analyse(replace(cine, spacing_mm=None, spacing_origin="unknown"))
    assert any("uncalibrated" in warning for warning in result.warnings)
    assert all(event.x_mm is None and event.area_mm2 is None for event in result.events)
    assert all(event.x_px is not None for event in result.events)


def test_an_area_that_is_a_guess_is_told_once(cine):
    note = "The B-mode area is a guess, since nothing moves in this clip: give it with --bmode."
    unsure = tuple(replace(picture, sure=False, note=note) for picture in cine.pictures)
    warnings = analyse(replace(cine, pictures=unsure)).warnings
    assert [warning for warning in warnings if "B-mode area" in warning] == [note]


def test_progress_tells_every_frame(cine):
    told = []
    analyse(cine, progress=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == list(range(1, cine.frames.count + 1))
    assert {of for _, of in told} == {cine.frames.count}


def test_a_frozen_clip_is_not_assessable():
    frame = np.random.default_rng(1).integers(0, 200, (240, 240)).astype(np.uint8)
    template = render(replace(SCENE, duration_s=1.0), 1).cine
    frozen = memory_cine(
        np.repeat(frame[None], 90, axis=0), np.arange(90) / 30, (0.12, 0.12), template.bmode
    )
    result = analyse(frozen)
    assert result.events == ()
    assert result.summaries[-1].status is Status.NOT_ASSESSABLE


def test_pure_noise_is_not_assessable():
    frames = np.random.default_rng(1).integers(0, 200, (150, 240, 240)).astype(np.uint8)
    template = render(replace(SCENE, duration_s=1.0), 1).cine
    result = analyse(memory_cine(frames, np.arange(150) / 30, (0.12, 0.12), template.bmode))
    assert counted(result) == []
    assert result.summaries[-1].status is Status.NOT_ASSESSABLE


@pytest.mark.parametrize("count", [2, 5])
def test_a_clip_of_a_few_frames_is_not_assessable(cine, count):
    frames = np.stack([frame.grey for frame in cine.frames.stream(0, count)])
    result = analyse(memory_cine(frames, np.arange(count) / 30, cine.spacing_mm, cine.bmode))
    assert result.events == ()
    assert result.summaries[-1].status is Status.NOT_ASSESSABLE


def test_a_clip_without_times_is_refused(cine):
    with pytest.raises(InputError) as caught:
        analyse(replace(cine, times_s=None))
    assert caught.value.code is Code.NO_FRAME_RATE
    assert "--frame-rate" in caught.value.sentence


def beside(left, right, gap_px=11):
    """One screen of two clips, each with its own scale; the lower one's depth is filled up."""
    shots = [np.stack([frame.grey for frame in cine.frames.stream()]) for cine in (left, right)]
    height = max(shot.shape[1] for shot in shots)
    width = sum(shot.shape[2] for shot in shots) + gap_px
    screen = np.zeros((len(shots[0]), height, width), np.uint8)
    pictures, x0 = [], 0
    for cine, shot in zip((left, right), shots, strict=True):
        box = (x0, 0, x0 + shot.shape[2], shot.shape[1])
        mask = np.zeros((height, width), bool)
        mask[: box[3], x0 : box[2]] = True
        screen[:, : box[3], x0 : box[2]] = shot
        pictures.append(Bmode(box=box, mask=mask, origin="tag", spacing_mm=cine.spacing_mm))
        x0 = box[2] + gap_px
    return replace(memory_cine(screen, left.times_s, None), pictures=tuple(pictures))


def moved(event, by_px, spacing_mm):
    x0, y0, x1, y1 = event.box_px
    return event.model_copy(
        update={
            "event": 1,
            "region": "",
            "x_px": pytest.approx(event.x_px + by_px, abs=0.011),
            "x_mm": pytest.approx((event.x_px + by_px) * spacing_mm, abs=2e-3),
            "box_px": (x0 + by_px, y0, x1 + by_px, y1),
        }
    )


OTHER = Scene(
    height_px=160, width_px=200, depth_mm=32.0, width_mm=40.0, duration_s=5.0, twitches=(RIGHT,)
)


@pytest.fixture(scope="module")
def other():
    return render(OTHER, 5).cine


@pytest.fixture(scope="module")
def dual(cine, other):
    return beside(cine, other)


def test_each_picture_of_a_dual_screen_is_judged_as_if_alone(dual, cine, other):
    found = analyse(dual).events
    alone = [moved(event, 0, 0.125) for event in analyse(cine).events]
    alone += [moved(event, 240 + 11, 0.2) for event in analyse(other).events]
    alone.sort(key=lambda event: event.onset_s)
    assert [event.model_copy(update={"event": 1}) for event in found] == alone
    assert [event.event for event in found] == list(range(1, len(found) + 1))
    assert len(counted(analyse(dual))) == 3


def test_a_dual_screen_is_counted_by_picture_and_in_all(dual):
    result = analyse(dual, whole_regions(dual.pictures, "biceps"))
    counts = {row.region: row.count for row in result.summaries}
    assert counts == {"biceps, left picture": 2, "biceps, right picture": 1, WHOLE_IMAGE: 3}
    assert any("2 pictures" in warning for warning in result.warnings)


def test_the_order_of_pictures_is_no_matter_of_size(other, cine):
    swapped = analyse(beside(other, cine))
    assert len(counted(swapped)) == 3
    assert {event.x_px > 200 + 11 for event in counted(swapped)} == {True, False}


def test_one_frozen_half_leaves_the_other_assessable(cine):
    frames = np.stack([frame.grey for frame in cine.frames.stream()])
    frames[:] = frames[0]
    frozen = memory_cine(frames, cine.times_s, cine.spacing_mm, cine.bmode)
    dual = beside(cine, frozen)
    result = analyse(dual, whole_regions(dual.pictures))
    status = {row.region: row.status for row in result.summaries}
    assert status["right picture"] is Status.NOT_ASSESSABLE
    assert status["left picture"] is status[WHOLE_IMAGE] is Status.PRESENT
    seconds = {row.region: row.assessable_s for row in result.summaries}
    assert (
        seconds["left picture"] == seconds[WHOLE_IMAGE] == analyse(cine).summaries[-1].assessable_s
    )


def test_a_region_goes_by_the_picture_it_lies_in(dual):
    far = Region(name="far", polygon=((260, 5), (440, 5), (440, 150), (260, 150)))
    near = Region(name="near", polygon=((5, 5), (200, 5), (200, 200), (5, 200)))
    counts = {row.region: row.count for row in analyse(dual, (far, near)).summaries}
    assert counts == {"far": 1, "near": 2, WHOLE_IMAGE: 3}

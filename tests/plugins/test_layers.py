"""Layers and back: what goes into napari comes out as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fixtures.outcomes import LOWER, UPPER, make_event
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from usfasc_napari.layers import (
    KIND_COLOURS,
    Axes,
    OpenClip,
    axes_of,
    clip_layer,
    event_layer,
    events_of,
    region_layer,
    regions_of,
)

from usfasc.io import memory_cine
from usfasc.model import Cine, Event, Kind, Region, Side

CALIBRATED = Axes(scale=(0.02, 0.1, 0.12), units=("s", "mm", "mm"), labels=("time", "y", "x"))
numbers = st.floats(-1e6, 1e6)
known = st.none() | numbers
words = st.text(max_size=12)
frames = st.integers(-1, 60)


def built_events(numbers_of: list[int]) -> st.SearchStrategy[tuple[Event, ...]]:
    return st.tuples(*(built_event(number) for number in numbers_of))


def built_event(number: int) -> st.SearchStrategy[Event]:
    fields: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(
        ("onset_s", "peak_s", "offset_s", "x_px", "y_px"), numbers
    )
    unknown = ("x_mm", "y_mm", "area_mm2", "peak_displacement_mm", "peak_velocity_mm_s")
    fields |= dict.fromkeys((*unknown, "direction_deg"), known)
    fields |= dict.fromkeys(("score", "flow_share"), st.none() | st.floats(0, 1))
    fields |= dict.fromkeys(("start_frame", "peak_frame", "stop_frame"), frames)
    return st.builds(
        Event,
        event=st.just(number),
        region=words,
        reason=words,
        kind=st.sampled_from(Kind),
        box_px=st.tuples(*[st.integers(-5, 2000)] * 4),
        borderline=st.booleans(),
        origin=st.sampled_from(["detected", "annotated", "simulated"]),
        **fields,
    )


events = st.lists(st.integers(1, 99), unique=True, max_size=4).flatmap(built_events)
regions = st.lists(
    st.builds(
        Region,
        name=st.text(min_size=1, max_size=12),
        muscle=st.none() | words,
        side=st.none() | st.sampled_from(Side),
        polygon=st.lists(st.tuples(numbers, numbers), min_size=3, max_size=6),
        origin=st.sampled_from(["drawn", "automatic", "whole"]),
    ),
    max_size=4,
)


@given(found=events)
def test_events_come_back(found: tuple[Event, ...]) -> None:
    data, keywords, kind = event_layer(found, CALIBRATED, "a")
    assert kind == "points"
    assert events_of(data, keywords["features"]) == found


@given(drawn=regions)
def test_regions_come_back(drawn: list[Region]) -> None:
    data, keywords, kind = region_layer(drawn, CALIBRATED, "a")
    assert kind == "shapes"
    assert regions_of(data, keywords["features"]) == tuple(drawn)


def test_events_come_back_from_napari() -> None:
    from napari.layers import Points

    found = (
        make_event(1, 0.5, region="=\x00", x_mm=4.0, reason="out and back", start_frame=3),
        make_event(2, 1.5, kind=Kind.UNSURE, score=None, borderline=True),
    )
    data, keywords, _ = event_layer(found, CALIBRATED, "a")
    layer = Points(data, **keywords)
    assert events_of(layer.data, layer.features) == found
    shown = {layer.features["kind"][row]: colour for row, colour in enumerate(layer.border_color)}
    for kind, colour in shown.items():
        expected = [int(KIND_COLOURS[kind][i : i + 2], 16) / 255 for i in (1, 3, 5)]
        assert colour[:3] == pytest.approx(expected, abs=0.01)


def test_regions_come_back_from_napari_and_new_ones_are_named() -> None:
    from napari.layers import Shapes

    drawn = (UPPER, LOWER.model_copy(update={"muscle": "soleus", "side": Side.LEFT}))
    data, keywords, _ = region_layer(drawn, CALIBRATED, "a")
    layer = Shapes(data, **keywords)
    assert regions_of(layer.data, layer.features) == drawn
    layer.add(np.array([[0, 0], [0, 9], [9, 9]], float), shape_type="polygon")
    *old, new = regions_of(layer.data, layer.features)
    assert tuple(old) == drawn
    assert (new.name, new.muscle, new.side, new.origin) == ("region 1", None, None, "drawn")
    assert new.polygon == ((0, 0), (9, 0), (9, 9))


def test_a_layer_without_features_gives_numbered_regions() -> None:
    triangle = np.array([[5, 0, 0], [5, 0, 9], [5, 9, 9]], float)
    first, second = regions_of([triangle, triangle], {})
    assert (first.name, second.name) == ("region 1", "region 2")
    assert first.polygon == ((0, 0), (9, 0), (9, 9))


def test_names_in_use_are_not_given_again() -> None:
    triangle = np.array([[0, 0], [0, 9], [9, 9]], float)
    named = regions_of([triangle] * 3, {"name": ["", "region 1", float("nan")]})
    assert [region.name for region in named] == ["region 2", "region 1", "region 3"]


@pytest.mark.parametrize("features", [{"side": ["upper"]}, {"name": ["n" * 141]}])
def test_what_is_no_region_is_refused(features: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError):
        regions_of([np.zeros((3, 2))], features)
    with pytest.raises(ValidationError):
        regions_of([np.zeros((2, 2))], {})


def test_an_event_is_shown_for_the_frames_that_it_lasts() -> None:
    event = make_event(1, start_frame=10, stop_frame=13)
    moment = make_event(2, start_frame=20, stop_frame=20)
    data, _, _ = event_layer((event, moment), CALIBRATED, "a")
    assert data[:, 0].tolist() == [10, 11, 12, 20]
    assert {tuple(place) for place in data[:, 1:]} == {(event.y_px, event.x_px)}


def cine(times_s: list[float] | None, spacing_mm: tuple[float, float] | None) -> Cine:
    stamps = None if times_s is None else np.array(times_s)
    return memory_cine(np.zeros((4, 6, 8), np.uint8), stamps, spacing_mm)


SCALES = {
    "calibrated": (
        cine([0.0, 0.02, 0.04, 0.06], (0.1, 0.12)),
        ((0.02, 0.1, 0.12), ("s", "mm", "mm"), "time"),
    ),
    "no scale": (
        cine([0.0, 0.02, 0.04, 0.06], None),
        ((0.02, 1, 1), ("s", "pixel", "pixel"), "time"),
    ),
    "no time": (cine(None, (0.1, 0.1)), ((1, 0.1, 0.1), ("pixel", "mm", "mm"), "frame")),
    "uneven time: the mean step": (
        cine([0.0, 0.01, 0.02, 0.09], None),
        ((0.03, 1, 1), ("s", "pixel", "pixel"), "time"),
    ),
}


@pytest.mark.parametrize(("clip", "expected"), SCALES.values(), ids=SCALES.keys())
def test_scale_and_units(clip: Cine, expected: tuple[Any, Any, str]) -> None:
    axes = axes_of(clip)
    assert axes.scale == pytest.approx(expected[0])
    assert (axes.units, axes.labels) == (expected[1], (expected[2], "y", "x"))


def test_one_frame_has_no_step() -> None:
    single = memory_cine(np.zeros((1, 6, 8), np.uint8), np.array([0.0]), None)
    assert axes_of(single) == Axes()


def test_a_clip_is_one_image_with_fixed_contrast() -> None:
    clip = OpenClip(cine=cine(None, None))
    data, keywords, kind = clip_layer(clip, "a")
    assert (kind, data.shape, keywords["contrast_limits"]) == ("image", (4, 6, 8), (0, 255))
    assert keywords["metadata"] == {"usfasc": clip}


def test_every_kind_has_a_colour() -> None:
    assert set(KIND_COLOURS) == set(Kind)

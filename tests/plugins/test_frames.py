"""The array that napari slices: like the clip's own, decoded once, bounded in memory."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from usfasc_napari.frames import LazyFrames

from usfasc.errors import Code, InputError
from usfasc.io import memory_cine, open_cine
from usfasc.model import Frame, Grey, Mask, Reading

SHAPE = (13, 4, 5)
FRAME_BYTES = SHAPE[1] * SHAPE[2]
CLIP: Grey = np.random.default_rng(7).integers(0, 256, SHAPE, np.uint8)


class CountingFrames:
    """Frames of ``CLIP``; tells which were decoded, as a codec with key frames would."""

    has_colour = False
    count = SHAPE[0]
    shape = SHAPE[1:]

    def __init__(self) -> None:
        self.decoded: list[int] = []
        self.fails_at: int | None = None

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        for index in range(start, self.count):
            if index == self.fails_at:
                raise InputError(Code.CORRUPT, "The video is damaged.")
            self.decoded.append(index)
            yield Frame(index=index, grey=CLIP[index].copy())

    def colour(self, index: int) -> Grey:
        raise NotImplementedError


def keys_at(*places: int) -> Mask:
    keys = np.zeros(SHAPE[0], np.bool_)
    keys[list(places)] = True
    return keys


def index_of(length: int) -> st.SearchStrategy[Any]:
    return st.integers(-length, length - 1) | st.slices(length)


indices = st.one_of(
    st.tuples(*(index_of(length) for length in SHAPE)),
    st.tuples(index_of(SHAPE[0]), st.just(...), index_of(SHAPE[2])),
    st.tuples(st.just(...), index_of(SHAPE[2])),
    st.lists(st.integers(-13, 12), max_size=6).map(lambda rows: np.array(rows, int)),
    st.lists(st.booleans(), min_size=13, max_size=13).map(np.array),
    index_of(SHAPE[0]),
    st.just(...),
)


@given(
    key=indices,
    keys=st.none() | st.lists(st.booleans(), min_size=13, max_size=13).map(np.array),
    kept=st.integers(0, 14),
)
def test_indexed_as_an_array(key: Any, keys: Mask | None, kept: int) -> None:
    lazy = LazyFrames(CountingFrames(), keys, kept_bytes=kept * FRAME_BYTES)
    np.testing.assert_array_equal(lazy[key], CLIP[key])


@given(walk=st.lists(st.integers(0, 12), max_size=30), kept=st.integers(0, 14))
def test_a_walk_through_the_clip_shows_its_frames(walk: list[int], kept: int) -> None:
    lazy = LazyFrames(CountingFrames(), keys_at(0, 5, 9), kept_bytes=kept * FRAME_BYTES)
    for number in walk:
        np.testing.assert_array_equal(lazy[number], CLIP[number])


def test_shape_and_type_are_known_before_anything_is_decoded() -> None:
    frames = CountingFrames()
    lazy = LazyFrames(frames)
    assert (lazy.shape, lazy.size, lazy.ndim, lazy.dtype, len(lazy)) == (SHAPE, 260, 3, "u1", 13)
    assert frames.decoded == []


def test_napari_decodes_one_frame_to_show_one() -> None:
    from napari.layers import Image
    from usfasc_napari.layers import OpenClip, clip_layer

    frames = CountingFrames()
    clip = OpenClip(cine=replace(memory_cine(CLIP, None, None), frames=frames))
    data, keywords, _ = clip_layer(clip, "a")
    Image(data, **keywords)
    assert frames.decoded in ([0], [SHAPE[0] // 2])


WALKS = {
    "forward, each once": (keys_at(0, 5, 9), range(13), 13),
    "backward, each family once": (keys_at(0, 5, 9), range(12, -1, -1), 13),
    "to and fro": (keys_at(0, 5, 9), [6, 7, 6, 5, 6, 8], 4),
    "a jump, from the key frame before": (keys_at(0, 5, 9), [0, 11], 1 + 3),
    "a short way on, without beginning again": (keys_at(0), [3, 6], 7),
    "no key frames: only what is shown": (None, [0, 11, 4, 5], 4),
    "first frame not marked as key": (keys_at(5), [2], 3),
}


@pytest.mark.parametrize(("keys", "walk", "decodes"), WALKS.values(), ids=WALKS.keys())
def test_how_much_is_decoded(keys: Mask | None, walk: Any, decodes: int) -> None:
    frames = CountingFrames()
    lazy = LazyFrames(frames, keys)
    for number in walk:
        lazy[number]
    assert len(frames.decoded) == decodes


def test_what_is_kept_is_bounded() -> None:
    frames = CountingFrames()
    lazy = LazyFrames(frames, kept_bytes=3 * FRAME_BYTES)
    for number in (0, 1, 2, 0, 3):
        lazy[number]
    frames.decoded.clear()
    for number in (0, 2, 3):  # 1 was looked at longest ago
        lazy[number]
    assert frames.decoded == []
    lazy[1]
    assert frames.decoded == [1]


def test_an_error_does_not_last() -> None:
    frames = CountingFrames()
    frames.fails_at = 2
    lazy = LazyFrames(frames, keys_at(0))
    with pytest.raises(InputError):
        lazy[4]
    frames.fails_at = None
    np.testing.assert_array_equal(lazy[4], CLIP[4])


@pytest.mark.parametrize("key", [13, (0, 4), (0, 0, 0, 0), (..., ...), (0, [1, 2]), "a"])
def test_other_indices_are_refused(key: Any) -> None:
    with pytest.raises(IndexError):
        LazyFrames(CountingFrames())[key]


def test_frames_cannot_be_written_to() -> None:
    lazy = LazyFrames(CountingFrames())
    with pytest.raises(ValueError, match="read-only"):
        lazy[0][:] = 0


def test_as_a_whole_array() -> None:
    np.testing.assert_array_equal(np.asarray(LazyFrames(CountingFrames())), CLIP)
    with pytest.raises(ValueError, match="copy"):
        np.array(LazyFrames(CountingFrames()), copy=False)


def test_a_copy_shares_the_frames() -> None:
    lazy = LazyFrames(CountingFrames())
    assert copy.deepcopy(lazy) is lazy


def test_more_than_memory_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usfasc_napari.frames.MOST_AT_ONCE_BYTES", 100)
    lazy = LazyFrames(CountingFrames())
    with pytest.raises(InputError) as refused:
        lazy[:]
    assert refused.value.code is Code.TOO_LARGE
    assert lazy[0].shape == SHAPE[1:]


@pytest.mark.parametrize(
    "name", ["biceps_longitudinal_75hz.mp4", "tibialis_rest_then_contraction_30hz.mov"]
)
def test_a_real_video_backward_is_the_same_as_forward(shared_data: Path, name: str) -> None:
    cine = open_cine(shared_data / name, Reading())
    lazy = LazyFrames(cine.frames, cine.key_frames)
    forward = [frame.grey for frame in cine.frames.stream(240, 262)]
    backward = [lazy[number] for number in range(261, 239, -1)]
    np.testing.assert_array_equal(backward[::-1], forward)

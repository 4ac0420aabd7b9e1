import numpy as np
import pytest

from usfasc.model import Frame
from usfasc.motion.screen import FrameState, screen

GOOD, REPEATED, DAMAGED = FrameState.GOOD, FrameState.REPEATED, FrameState.DAMAGED
RNG = np.random.default_rng(3)
TISSUE = RNG.integers(20, 200, (40, 50)).astype(np.uint8)


def tissue(step: int) -> np.ndarray:
    """Tissue that flickers a little from frame to frame."""
    noise = np.random.default_rng(step).integers(-2, 3, TISSUE.shape)
    return np.clip(TISSUE + noise, 0, 255).astype(np.uint8)


NOISE = RNG.integers(0, 255, TISSUE.shape).astype(np.uint8)
CASES = [
    pytest.param([tissue(0), tissue(1), tissue(2)], [GOOD] * 3, id="quiet tissue"),
    pytest.param(
        [tissue(0), tissue(0), tissue(1), tissue(1)],
        [GOOD, REPEATED, GOOD, REPEATED],
        id="every second frame repeated",
    ),
    pytest.param(
        [tissue(0), tissue(1), NOISE, tissue(2), tissue(3)],
        [GOOD, GOOD, DAMAGED, GOOD, GOOD],
        id="one frame unlike both neighbours",
    ),
    pytest.param(
        [tissue(0), tissue(1), np.roll(TISSUE, 3, 1), np.roll(tissue(2), 3, 1)],
        [GOOD] * 4,
        id="a step that stays is movement",
    ),
    pytest.param([tissue(0)] * 4, [GOOD, REPEATED, REPEATED, REPEATED], id="frozen"),
    pytest.param([], [], id="nothing"),
]


@pytest.mark.parametrize(("pictures", "states"), CASES)
def test_frames_are_sorted(pictures, states):
    frames = ((Frame(index=i, grey=grey), grey) for i, grey in enumerate(pictures))
    found = list(screen(frames))
    assert [item.state for item in found] == states
    assert [item.index for item in found] == list(range(len(pictures)))


def test_what_the_decoder_calls_damaged_is_damaged():
    frames = [Frame(index=i, grey=tissue(i), damaged=i == 1) for i in range(3)]
    states = [item.state for item in screen((frame, frame.grey) for frame in frames)]
    assert states == [GOOD, DAMAGED, GOOD]


def drifting(count: int, repeated: set[int]) -> list[np.ndarray]:
    """Tissue that moves on, but for frames that are coded anew: a few grey levels differ."""
    pictures: list[np.ndarray] = []
    for index in range(count):
        if index in repeated:
            again = pictures[-1].copy()
            again[:: 3 + index % 4, ::9] ^= 1
            pictures.append(again)
        else:
            pictures.append(np.roll(tissue(index), index, axis=1))
    return pictures


RATES = {
    "30 in 60 Hz": set(range(1, 60, 2)),
    "20 in 60 Hz": set(range(60)) - set(range(0, 60, 3)),
    "15 in 60 Hz": set(range(60)) - set(range(0, 60, 4)),
    "24 in 60 Hz": {k for k in range(60) if k * 24 // 60 == (k - 1) * 24 // 60} - {0},
    "25 in 30 Hz": {k for k in range(60) if k * 25 // 30 == (k - 1) * 25 // 30} - {0},
    "none": set(),
}


@pytest.mark.parametrize("name", RATES)
def test_repeats_coded_anew_are_known_by_their_pattern(name):
    pictures = drifting(60, RATES[name])
    found = screen((Frame(index=i, grey=grey), grey) for i, grey in enumerate(pictures))
    repeated = {item.index for item in found if item.state is REPEATED}
    assert repeated <= RATES[name]
    # At either end of a clip a slow pattern has not recurred often enough to be one.
    assert len(RATES[name] - repeated) <= 4


def test_rest_between_movements_is_no_pattern():
    rest = [tissue(0).copy() for _ in range(60)]
    for index, picture in enumerate(rest):
        picture[index % 40, :5] ^= 1
    moving = [np.roll(tissue(k), 3 * k + 3, axis=1) for k in range(20)]
    pictures = rest[:20] + moving[:8] + rest[20:40] + moving[8:] + rest[40:]
    found = screen((Frame(index=i, grey=grey), grey) for i, grey in enumerate(pictures))
    assert REPEATED not in {item.state for item in found}


def test_frames_wait_no_longer_than_the_pattern_needs():
    asked = []

    def frames():
        for index in range(60):
            asked.append(index)
            yield Frame(index=index, grey=tissue(index)), tissue(index)

    for item in screen(frames()):
        assert max(asked) - item.index <= 14

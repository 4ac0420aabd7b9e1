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

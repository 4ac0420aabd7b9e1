import numpy as np
import pytest

from usfasc.errors import Code, OutputError
from usfasc.motion.store import FrameStore


def picture(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 255, (20, 30)).astype(np.uint8)


def test_patches_come_back_as_they_were():
    with FrameStore((20, 30)) as store:
        for number in range(10):
            store.add(number, number / 10, picture(number))
        numbers = store.numbers(0.25, 0.65)
        assert numbers == [3, 4, 5, 6]
        assert store.times_s(numbers) == pytest.approx([0.3, 0.4, 0.5, 0.6])
        patch = store.patch(numbers, slice(5, 9), slice(7, 21))
        for found, number in zip(patch, numbers, strict=True):
            assert np.array_equal(found, picture(number)[5:9, 7:21])


def test_forgotten_frames_leave_their_room_to_others():
    with FrameStore((20, 30)) as store:
        for number in range(200):
            store.add(number, float(number), picture(number))
            store.forget(number - 9.5)
        assert store.numbers(0, 1000) == list(range(190, 200))
        assert store.size_bytes <= 11 * 20 * 30
        kept = store.patch([199], slice(0, 20), slice(0, 30))
        assert np.array_equal(kept[0], picture(199))


def test_a_full_disk_is_told(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with FrameStore((20, 30)) as store:
        monkeypatch.setattr("os.pwrite", full)
        with pytest.raises(OutputError) as caught:
            store.add(0, 0.0, picture(0))
    assert caught.value.code is Code.NOT_WRITABLE

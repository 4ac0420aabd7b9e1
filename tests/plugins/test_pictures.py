"""Pictures of the Review dock in its modes and themes, to be looked at.

``USFASC_PICTURES=folder python -m pytest -m nightly tests/plugins/test_pictures.py`` writes them
into a folder; ``USFASC_SCREEN=3840x2160 QT_SCALE_FACTOR=2`` before it makes those of a large
screen. ``two_muscles.review.png`` among them, at 1280x800, is the one in ``sample_videos``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.hands import canvas_of, press
from PIL import Image

from usfasc.io.results import read_regions, write_result
from usfasc.pipeline import analyse, read_cine
from usfasc.review import Mode

pytestmark = pytest.mark.nightly
OpenWindow = Callable[..., Any]
Settle = Callable[..., None]
MOST_BYTES = 300_000
SHOTS = {
    "guided": (Mode.GUIDED, "dark", ""),
    "guided-light": (Mode.GUIDED, "light", "FD"),
    "blinded": (Mode.BLINDED, "dark", "F"),
    "annotate-light": (Mode.ANNOTATE, "light", ""),
    "help": (Mode.GUIDED, "dark", "?"),
    "help-light": (Mode.GUIDED, "light", "?"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where pictures are kept."""
    kept = Path(os.environ.get("USFASC_PICTURES", tmp_path / "pictures"))
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@pytest.fixture
def theme(screen: None) -> Iterator[Callable[[str], None]]:
    """Set napari's theme for one picture."""
    from napari.settings import get_settings

    before = get_settings().appearance.theme

    def choose(name: str) -> None:
        get_settings().appearance.theme = name

    yield choose
    get_settings().appearance.theme = before


@pytest.fixture(scope="module")
def detected(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of two muscles with its result, in its own regions."""
    clip = Path(shutil.copy(sample_videos / "two_muscles.dcm", tmp_path_factory.mktemp("clip")))
    regions = read_regions(sample_videos / "two_muscles.regions.json")
    write_result(analyse(read_cine(clip), regions), clip.parent, clip.stem)
    return clip


@pytest.fixture
def pictured(
    open_window: OpenWindow, settle: Settle, folder: Path, tmp_path: Path
) -> Callable[..., Path]:
    """Open a clip in a window as large as the screen, press keys, and write what is seen."""
    from usfasc_napari.review_dock import ReviewDock

    def picture(clip: Path, name: str, keys: str, **reader: Any) -> Path:
        for path in (clip, clip.with_name(f"{clip.stem}.usfasc.json")):
            shutil.copy(path, tmp_path)
        viewer = open_window(tmp_path / clip.name, **reader)
        fill_screen(viewer, settle)
        press_slowly(viewer, keys, settle)
        hold_at_peak(viewer.window._qt_window.findChild(ReviewDock), settle)
        shoot(viewer, path := folder / f"{name}.png")
        assert_no_tab_is_cut(viewer)
        return path

    return picture


def fill_screen(viewer: Any, settle: Settle) -> None:
    window = viewer.window._qt_window
    window.setGeometry(window.screen().geometry())
    window.activateWindow()
    settle(1.0)
    viewer.fit_to_view()


def press_slowly(viewer: Any, keys: str, settle: Settle) -> None:
    """Press keys over the picture, and wait until each has shown what it does."""
    for key in keys:
        press(canvas_of(viewer), key)
        settle(0.5)
    settle(3.0)


def hold_at_peak(dock: Any, settle: Settle) -> None:
    """Stop the loop where the event in hand is largest."""
    dock.playback.stop()
    if dock.desk.current is not None:
        dock.desk.show_time(dock.desk.current.event.peak_s)
    settle(0.5)


def shoot(viewer: Any, path: Path) -> None:
    """Write a picture of the whole window, in so few colours that it is small."""
    shot = viewer.screenshot(canvas_only=False, flash=False)
    Image.fromarray(shot[..., :3]).quantize(256, kmeans=2).save(path, optimize=True)


def assert_no_tab_is_cut(viewer: Any) -> None:
    from qtpy.QtWidgets import QTabBar

    bars = [bar for bar in viewer.window._qt_window.findChildren(QTabBar) if bar.isVisible()]
    for bar in bars:
        for number in range(bar.count()):
            words, room = bar.tabText(number), bar.tabRect(number)
            assert room.width() >= bar.fontMetrics().horizontalAdvance(words), words
            assert room.right() <= bar.width(), words


@pytest.mark.parametrize("name", SHOTS)
def test_the_review_dock_is_pictured(
    name: str, pictured: Callable[..., Path], theme: Callable[[str], None], detected: Path
) -> None:
    mode, colours, keys = SHOTS[name]
    theme(colours)
    assert pictured(detected, name, keys, reviewer="ann", mode=mode).stat().st_size


def test_the_picture_of_the_readme(pictured: Callable[..., Path], detected: Path) -> None:
    path = pictured(detected, "two_muscles.review", "FF", reviewer="anna")
    if "USFASC_SCREEN" not in os.environ:
        assert path.stat().st_size < MOST_BYTES


def test_a_real_clip_is_pictured(
    pictured: Callable[..., Path], shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = shared_data / "biceps_longitudinal_75hz.mp4"
    clip = Path(shutil.copy(real, tmp_path_factory.mktemp("real")))
    write_result(analyse(read_cine(clip)), clip.parent, clip.stem)
    assert pictured(clip, "real", "WWWWW", reviewer="ann").stat().st_size

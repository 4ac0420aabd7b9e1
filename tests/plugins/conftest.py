"""Real windows on a virtual screen, and napari without the user's own settings.

Nothing here imports napari before its settings have a place of their own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fixtures.outcomes import make_region

from usfasc.io.results import write_result
from usfasc.model import Kind, Result
from usfasc.pipeline import analyse, read_cine

_SETTINGS = TemporaryDirectory(prefix="usfasc-napari-")
atexit.register(_SETTINGS.cleanup)
os.environ["NAPARI_CONFIG"] = str(Path(_SETTINGS.name) / "settings.yaml")
# Where Qt keeps what the docks remember.
os.environ["XDG_CONFIG_HOME"] = _SETTINGS.name

SCREEN = f"{os.environ.get('USFASC_SCREEN', '1280x800')}x24"
CALM = 8
"""How often the canvas is looked at, and found of one size, until the window counts as laid out."""
OpenWindow = Callable[..., Any]


@pytest.fixture(scope="session")
def settings_folder() -> Path:
    """Where napari keeps what it remembers."""
    return Path(_SETTINGS.name)


@pytest.fixture(scope="session")
def screen() -> None:
    """A virtual screen of this process's own.

    Qt holds on to its screen until the process ends, and would end it if the screen went
    first; so the screen is told to go with its last client, and Qt is made its first.
    """
    read, write = os.pipe()
    os.set_inheritable(write, True)
    line = ["Xvfb", "-terminate", "-displayfd", str(write), "-screen", "0", SCREEN]
    silent = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    try:
        os.posix_spawnp(line[0], [*line, "-nolisten", "tcp"], os.environ, file_actions=silent)
    except FileNotFoundError:
        pytest.fail("Xvfb is not installed; bash .ci/setup test installs it")
    os.close(write)
    with os.fdopen(read) as number:
        os.environ["DISPLAY"] = f":{number.readline().strip()}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    from napari.qt import get_qapp

    get_qapp()


@pytest.fixture(scope="session")
def analysed(sample_videos: Path) -> Result:
    """What the engine says of the sample of two muscles, in two regions."""
    regions = [make_region("upper", (10, 40, 330, 120)), make_region("lower", (10, 125, 330, 260))]
    return analyse(read_cine(sample_videos / "two_muscles.dcm"), regions)


@pytest.fixture
def reviewable(analysed: Result, sample_videos: Path, tmp_path: Path) -> Path:
    """A clip with its result beside it: six events, of which the detector counts four."""
    clip = Path(shutil.copy(sample_videos / "two_muscles.dcm", tmp_path))
    events = list(analysed.events)
    events[2] = events[2].model_copy(update={"kind": Kind.UNSURE, "score": 0.3, "reason": "doubt"})
    events[4] = events[4].model_copy(update={"kind": Kind.TREMOR, "reason": "goes on"})
    write_result(analysed.model_copy(update={"events": tuple(events)}), tmp_path, clip.stem)
    return clip


@pytest.fixture
def settle() -> Callable[[], None]:
    """Let Qt do what it has put off."""
    from qtpy.QtWidgets import QApplication

    def wait(seconds: float = 0.1) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            QApplication.processEvents()
            time.sleep(0.005)

    return wait


@pytest.fixture(autouse=True)
def slots_that_fail(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An error in what a signal calls fails the test: Qt itself only prints it."""
    failed: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _, error, __: failed.append(error))
    yield
    if failed:
        raise failed[0]


@pytest.fixture
def open_window(screen: None, settle: Callable[[], None]) -> Iterator[OpenWindow]:
    """Open files in a window, as ``python -m usfasc_napari`` does; it is closed afterwards."""
    from usfasc_napari.window import open_window

    opened = []

    def open_and_show(*paths: Path, **reader: Any) -> Any:
        viewer, failed = open_window(paths, **reader)
        assert viewer is not None and not failed
        opened.append(viewer)
        canvas = viewer.window._qt_viewer.canvas.native
        sizes: list[tuple[int, int]] = []
        while len(sizes) < CALM or len(set(sizes[-CALM:])) > 1:
            settle(0.05)
            sizes.append((canvas.width(), canvas.height()))
        return viewer

    yield open_and_show
    for viewer in opened:
        viewer.close()
    settle()

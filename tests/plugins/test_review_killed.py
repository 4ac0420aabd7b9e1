"""R10 in a real window: it is killed while a reader works; at most the last act is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from usfasc.review import Session, read_review, review_path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")

# Presses keys without end, and says after each how many acts the reader has been shown as done.
READER = """
import random, sys
from pathlib import Path
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication
from usfasc_napari.review_dock import ReviewDock
from usfasc_napari.window import open_window

viewer, _ = open_window([Path(sys.argv[1])], "ann")
viewer.window._qt_window.activateWindow()
dock = viewer.window._qt_window.findChild(ReviewDock)
chance = random.Random(int(sys.argv[2]))
for _ in range(50):
    QApplication.processEvents()
while True:
    key = chance.choice("FFDSZWQE12")
    QTest.keyClick(viewer.window._qt_viewer.canvas.native, getattr(Qt.Key, f"Key_{key}"))
    print(len(dock.desk.session.review.acts), flush=True)
    QApplication.processEvents()
"""
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(2, 13))]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_window_loses_at_most_the_last_act(
    seed: int, screen: None, reviewable: Path
) -> None:
    line = [sys.executable, "-c", READER, str(reviewable), str(seed)]
    chance = random.Random(seed)
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        shown = int(reader.stdout.readline())
        until = time.monotonic() + chance.uniform(0.5, 3.0)
        while time.monotonic() < until:
            shown = int(reader.stdout.readline())
        reader.send_signal(signal.SIGKILL)
        # What it had said by then, too.
        shown = max([shown, *map(int, reader.stdout.read().split("\n")[:-1])])
    result = reviewable.with_name("two_muscles.usfasc.json")
    review = read_review(review_path(result, "ann"), "ann")
    assert shown > 0
    assert shown <= len(review.acts) <= shown + 1
    assert review.set_aside <= 1
    assert [act.act for act in review.acts] == list(range(1, len(review.acts) + 1))
    # Whatever a crash left, the review goes on.
    again = Session.open(result, "ann")
    again.accept(1)
    assert len(again.review.acts) == len(review.acts) + 1

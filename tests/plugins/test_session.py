"""A whole working day in real windows: detect, correct, review by keys, resume, export, agree."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fixtures.hands import activate, canvas_of, click, dock_of, drag, place_of, point_at, press
from usfasc_napari.finding import results_folder

from usfasc.cli import run
from usfasc.io.results import read_result
from usfasc.review import Mode, read_review, review_path

Settle = Callable[..., None]
Out = pytest.CaptureFixture[str]
STEM = "two_muscles"
TWITCHES = 6
PATIENCE_S = 60.0
EXPORTED = ("event-001.mp4", "event-001.webp", "events.csv", "overview.png")


@dataclass(kw_only=True)
class Reader:
    """Somebody at a window, and what lies before them."""

    viewer: Any
    settle: Settle

    def dock(self, name: str) -> Any:
        """A dock by its class, brought to the front."""
        from usfasc_napari import detect_dock, export_dock, regions_dock, review_dock

        homes = (detect_dock, export_dock, regions_dock, review_dock)
        kind = next(getattr(home, name) for home in homes if hasattr(home, name))
        dock = dock_of(self.viewer, kind)
        dock.parentWidget().raise_()
        self.settle(0.2)
        return dock

    def wait(self, jobs: Any) -> None:
        """Until what goes on in a thread is done, and told."""
        for _ in range(round(PATIENCE_S / 0.05)):
            self.settle(0.05)
            if not jobs.busy:
                return
        pytest.fail("the job does not end")

    def keys(self, keys: str) -> None:
        """Press keys over the clip."""
        press(canvas_of(self.viewer), keys)
        self.settle(0.05)

    def leave(self) -> None:
        """Close the window."""
        self.viewer.close()
        self.settle(0.1)


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a reader leaves behind."""

    verdicts: tuple[object, ...]
    regions: tuple[object, ...]
    progress: str

    @classmethod
    def of(cls, dock: Any) -> Left:
        """What the Review dock knows."""
        return cls(
            verdicts=tuple((row.key, row.verdict, row.own) for row in dock.desk.rows),
            regions=dock.desk.result.regions,
            progress=dock.panel.progress.text(),
        )


@pytest.fixture
def clip(tmp_path: Path, sample_videos: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clip in a folder of its own; results go to ``usfasc-results`` of the working folder."""
    (tmp_path / "clips").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(results_folder, "chosen", None)
    return Path(shutil.copy(sample_videos / f"{STEM}.dcm", tmp_path / "clips"))


@pytest.fixture
def sit_down(open_window: Any, settle: Settle) -> Callable[..., Reader]:
    """Open files in a window, for a reader."""

    def begin(path: Path, reviewer: str, **more: Any) -> Reader:
        viewer = open_window(path, reviewer=reviewer, **more)
        activate(viewer)
        return Reader(viewer=viewer, settle=settle)

    return begin


def detect(reader: Reader) -> None:
    dock = reader.dock("DetectDock")
    click(dock.detect)
    reader.wait(dock.queue)
    assert "twitch" in dock.list.item(0).text()


def correct_a_region(reader: Reader) -> None:
    """Pull the line between the muscles up over a site, and name the muscle above it."""
    from qtpy.QtTest import QTest
    from usfasc_napari.regions_rows import NameFields

    dock = reader.dock("RegionsDock")
    reader.wait(dock.jobs)
    drawing, viewer = dock.drawing, reader.viewer
    before = [drawing.count_of(region.name) for region in drawing.regions]
    x, y = [s for s in drawing.sketch.strokes if s.line.proposed][1].handles[1]
    layer = drawing._desk.layer
    start, stop = (place_of(viewer, layer, x, row) for row in (y, y - 70))
    drag(viewer, start, stop, reader.settle)
    assert [drawing.count_of(region.name) for region in drawing.regions] != before
    field = dock.list.findChildren(NameFields)[0].muscle
    QTest.keyClicks(field, "BB")
    field.editingFinished.emit()
    reader.settle(0.1)
    assert drawing.regions[0].muscle == "biceps brachii"


def review_by_keys(reader: Reader) -> None:
    """A verdict on each event, one more event added, taken back, and added again."""
    dock = reader.dock("ReviewDock")
    assert len(dock.desk.rows) >= TWITCHES
    reader.keys("D" + "F" * (len(dock.desk.rows) - 1))
    assert all(row.verdict is not None for row in dock.desk.rows)
    layer = dock.desk.layer
    dock.playback.stop()
    dock.desk.show_frame(100)
    point_at(reader.viewer, place_of(reader.viewer, layer, 60, 200), reader.settle)
    reader.keys("A")
    assert [row.own for row in dock.desk.rows].count(True) == 1
    reader.keys("Z")
    assert not any(row.own for row in dock.desk.rows)
    reader.keys("^Z")
    assert [row.own for row in dock.desk.rows].count(True) == 1


def export(reader: Reader, folder: Path) -> list[str]:
    dock = reader.dock("ExportDock")
    dock.folder.setText(str(folder))
    for name, choice in dock.choices.items():
        choice.setChecked(name in ("table", "page", ".webp", ".mp4"))
    click(dock.export)
    reader.wait(dock.queue)
    assert dock.status.text().startswith("Written")
    return sorted(path.name for path in folder.iterdir())


def resume(reader: Reader, before: Left) -> None:
    """Everything is as it was left."""
    dock = reader.dock("ReviewDock")
    assert Left.of(dock) == before


def tell(capsys: Out, *command: str) -> str:
    """What a command prints."""
    capsys.readouterr()
    assert run(list(command)) == 0
    return capsys.readouterr().out


def test_a_clip_from_detection_to_agreement(
    clip: Path, sit_down: Callable[..., Reader], capsys: Out
) -> None:
    anna = sit_down(clip, "anna")
    detect(anna)
    correct_a_region(anna)
    review_by_keys(anna)
    left = Left.of(anna.dock("ReviewDock"))
    anna.leave()

    again = sit_down(clip, "anna")
    resume(again, left)
    written = export(again, Path("export").absolute())
    assert written == [f"{STEM}.anna.{each}" for each in EXPORTED]
    again.leave()

    path = Path("usfasc-results") / f"{STEM}.usfasc.json"
    found = len(read_result(path).events)
    ben = sit_down(path, "ben", mode=Mode.BLINDED)
    ben.dock("ReviewDock")
    ben.keys("F" * found)
    ben.leave()
    decided = read_review(review_path(path, "ben"), "ben").acts
    assert [act.decision.value for act in decided] == ["accept"] * found

    counted = tell(capsys, "count", str(path), "--reviewer", "anna")
    assert f"accepted ({found - 1}) or added (1); 1 rejected" in counted
    assert "Reviewed by anna" in counted
    assert "biceps brachii" in counted
    pairs = list(map(json.loads, tell(capsys, "agree", str(path), "--json").splitlines()))
    assert (pairs[0]["first"], pairs[0]["second"]) == ("anna", "ben")

"""A survey of thousands of rows: how long its check, its report and its tables take.

The clips to be checked are as small as clips come, since headers alone are read. Those that
are reported are the results of a dozen real runs, under many names: pictures, courses and
events are as large as they are in truth.
"""

from __future__ import annotations

import json
import os
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.scale import measured, phantoms, write_clips
from usfasc.io.dicom_out import write_ultrasound_cine

_MUSCLES: Final = ("trapezius", "biceps brachii", "rectus femoris", "tibialis anterior")
_SIDES: Final = ("left", "right")
_CHECK_S, _REPORT_S = 10.0, 60.0
"""What was to be reached at 10,000 rows."""
_TINY_PX: Final = 64
_NAME_DIGITS: Final = 12


def rows_table(rows: int) -> Table:
    """Seconds and memory that a survey of so many rows takes on two cores."""
    with TemporaryDirectory(prefix="usfasc-rows-") as folder:
        (checked := Path(folder, "checked")).mkdir()
        (judged := Path(folder, "judged")).mkdir()
        manifest = write_clips(checked, rows, [_tiny_clip(checked)])
        check_s, _ = measured(("check", manifest), 2, checked)
        models = phantoms(rows)
        few = write_clips(judged, len(models), models)
        measured(("run", few, "--out", judged / "few"), 2, judged)
        many = _multiplied(judged / "few", judged / "many", rows)
        report_s, report_mb = measured(("report", many), 2, judged)
        tables_s, _ = measured(("tables", many), 2, judged)
        page_mb = (many / "report.html").stat().st_size / 1e6
    return Table(
        title=f"survey: {rows} rows",
        figures=(
            Figure(name="check, s", value=check_s, at_most=_CHECK_S),
            Figure(name="report, s", value=report_s, at_most=_REPORT_S),
            Figure(name="tables, s", value=tables_s),
            Figure(name="peak memory of the report, MB", value=max(report_mb)),
            Figure(name="page, MB", value=page_mb),
        ),
    )


def _tiny_clip(folder: Path) -> bytes:
    shape, frames = (_TINY_PX, _TINY_PX), 4
    rng = np.random.default_rng(0)
    path = folder / "tiny.dcm"
    write_ultrasound_cine(
        path,
        (rng.integers(0, 256, shape, dtype=np.uint8) for _ in range(frames)),
        times_s=np.arange(frames) / 25.0,
        spacing_mm=(0.1, 0.1),
        bmode_box=(0, 0, _TINY_PX, _TINY_PX),
    )
    return path.read_bytes()


def _multiplied(few: Path, many: Path, rows: int) -> Path:
    """A survey's folder with the clips of another, over and over, as clips of their own."""
    many.mkdir()
    record = json.loads((few / "survey.json").read_text(encoding="utf-8"))
    models = cycle(record["rows"])
    record["rows"] = [_again(next(models), number, few, many) for number in range(rows)]
    (many / "survey.json").write_text(json.dumps(record), encoding="utf-8")
    return many


def _again(row: dict[str, Any], number: int, few: Path, many: Path) -> dict[str, Any]:
    """A row like another, of a clip of its own, whose files are links."""
    name = f"{number:0{_NAME_DIGITS}x}"
    for file in few.glob(f"{row['clip']}.*"):
        os.link(file, many / file.name.replace(row["clip"], name))
    muscle, side = divmod(number, len(_SIDES))
    subject, muscle = divmod(muscle, len(_MUSCLES))
    return row | {
        "row": number + 1,
        "clip": name,
        "subject": f"S{subject + 1:04d}",
        "muscle": _MUSCLES[muscle],
        "side": _SIDES[side],
    }

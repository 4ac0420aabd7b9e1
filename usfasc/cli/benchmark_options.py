"""Options of ``usfasc benchmark``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class SplitName(StrEnum):
    """Which seeds: ``dev`` may be looked at clip by clip, ``test`` never."""

    DEV = "dev"
    TEST = "test"


Quick = Annotated[
    bool,
    typer.Option("--quick/--full", help="A fixed share of the cases, no 10 min clip."),
]
Split = Annotated[
    SplitName, typer.Option("--split", help="dev: for development, with a row a clip.")
]
Only = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="SECTION,...",
        help="phantom, crowded, negatives, metamorphic, real, implants, firing, outlines, "
        "grafts, left-out, speed, survey.",
        show_default=False,
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="Folder of the real clips (also: USFASC_SHARED_DATA).",
        show_default=False,
    ),
]
Baselines = Annotated[
    str | None,
    typer.Option(
        "--baselines",
        metavar="METHOD,...",
        help="Methods beside ours: differencing, gmm, gmm-shipped, klt, blocks, farneback, "
        "all or none.  [default: differencing in --quick, all in --full]",
        show_default=False,
    ),
]
OwnCases = Annotated[
    Path | None,
    typer.Option(
        "--cases",
        metavar="FOLDER",
        help="Your own clips with <clip>.truth.csv beside them; without --only, these alone.",
        show_default=False,
    ),
]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes side by side.")]
TrainFile = Annotated[
    Path | None,
    typer.Option(
        "--train",
        metavar="FILE",
        help="Train the score on development seeds and write its table; measures nothing.",
        show_default=False,
    ),
]
TrainOutlinesFile = Annotated[
    Path | None,
    typer.Option(
        "--train-outlines",
        metavar="FILE",
        help="Train what the edges of layers are judged by, and write it; measures nothing.",
        show_default=False,
    ),
]
JsonFile = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Write all figures.", show_default=False),
]
HtmlFile = Annotated[
    Path | None,
    typer.Option(
        "--html", metavar="FILE", help="Write a page with tables and curves.", show_default=False
    ),
]

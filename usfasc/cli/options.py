"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from usfasc.model import DEPTH_RANGE_MM, FRAME_RATE_RANGE_HZ, Side

RESULTS: Final = Path("usfasc-results")
"""Where results go unless the user says otherwise."""

AUTO: Final = "auto"
WHOLE: Final = "whole"

_CLIP = "What the file does not say"
_REGIONS = "Regions"
_PICTURES = "Pictures"

Clips = Annotated[
    list[Path],
    typer.Argument(
        metavar="CLIP", help="DICOM files, videos, folders or globs.", show_default=False
    ),
]
Results = Annotated[
    list[Path],
    typer.Argument(
        metavar="RESULT",
        help="Results (.usfasc.json), folders of them, or globs.",
        show_default=False,
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where results go.")]
Regions = Annotated[
    str,
    typer.Option(
        "--regions",
        metavar="auto|whole|FILE",
        help="Where the muscles are: found, the whole image, or drawn (polygons, lines, a result).",
        rich_help_panel=_REGIONS,
        show_default=False,
    ),
]
Picture = Annotated[
    bool,
    typer.Option(
        "--picture",
        help="A page to print: <clip>.overview.png.",
        rich_help_panel=_PICTURES,
    ),
]
Pdf = Annotated[
    bool,
    typer.Option(
        "--pdf",
        help="The same page and --firing's: <clip>.overview.pdf.",
        rich_help_panel=_PICTURES,
    ),
]
Firing = Annotated[
    bool,
    typer.Option(
        "--firing",
        help="A page of firing sites and their rhythm: <clip>.firing.png.",
        rich_help_panel=_PICTURES,
    ),
]
Video = Annotated[
    bool,
    typer.Option(
        "--video",
        help="The clip with its events outlined: <clip>.annotated.mp4.",
        rich_help_panel=_PICTURES,
    ),
]
Speed = Annotated[
    float,
    typer.Option(
        "--speed",
        metavar="X",
        min=0.05,
        max=4,
        help="Of the video: 0.5 is half as fast as it was.",
        rich_help_panel=_PICTURES,
    ),
]
Animations = Annotated[
    bool,
    typer.Option(
        "--animations",
        help="A short loop of every event: <clip>.event-001.webp and on.",
        rich_help_panel=_PICTURES,
    ),
]
Features = Annotated[
    bool,
    typer.Option(
        "--features",
        help="Every candidate with all that its score weighs: <clip>.candidates.csv.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter; may be repeated.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]

FrameRate = Annotated[
    float | None,
    typer.Option(
        "--frame-rate",
        metavar="HZ",
        min=FRAME_RATE_RANGE_HZ[0],
        max=FRAME_RATE_RANGE_HZ[1],
        help="Frames per second; beats what the file says.",
        rich_help_panel=_CLIP,
        show_default=False,
    ),
]
Spacing = Annotated[
    str | None,
    typer.Option(
        "--spacing-mm",
        metavar="MM[,MM]",
        help="Size of a pixel, or its height and width.",
        rich_help_panel=_CLIP,
        show_default=False,
    ),
]
Depth = Annotated[
    float | None,
    typer.Option(
        "--depth-mm",
        metavar="MM",
        min=DEPTH_RANGE_MM[0],
        max=DEPTH_RANGE_MM[1],
        help="Depth of the picture, as read off the screen.",
        rich_help_panel=_CLIP,
        show_default=False,
    ),
]
BmodeBox = Annotated[
    str | None,
    typer.Option(
        "--bmode",
        metavar="X0,Y0,X1,Y1",
        help="B-mode area in pixels: left, top, right, bottom.",
        rich_help_panel=_CLIP,
        show_default=False,
    ),
]
Muscle = Annotated[
    str | None,
    typer.Option(
        "--muscle",
        metavar="NAME[,NAME]",
        help="Muscle that the whole image shows; several are laid on its layers from the top."
        " Beats the clip's header.",
        rich_help_panel=_REGIONS,
        show_default=False,
    ),
]
MuscleSide = Annotated[
    Side | None,
    typer.Option(
        "--side",
        help="Its side of the body. Beats the clip's header.",
        rich_help_panel=_REGIONS,
        case_sensitive=False,
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a clip and line, for machines.")
]

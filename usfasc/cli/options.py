"""Options that several commands share, and how their texts are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from usfasc.errors import Code, UsageError
from usfasc.model import Box, Reading, Side
from usfasc.regions.vocabulary import muscle_name

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
        min=1,
        max=2000,
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
        min=5,
        max=400,
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
        help="Muscle that the whole image shows; several are laid on its layers from the top.",
        rich_help_panel=_REGIONS,
        show_default=False,
    ),
]
MuscleSide = Annotated[
    Side | None,
    typer.Option(
        "--side",
        help="Its side of the body.",
        rich_help_panel=_REGIONS,
        case_sensitive=False,
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a clip and line, for machines.")
]

_SPACING_RANGE_MM = (0.005, 2.0)


def parse_spacing(text: str | None) -> tuple[float, float] | None:
    """Read ``"0.08"`` or ``"0.08,0.1"`` as ``(dy, dx)`` in millimetres.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: not one or two numbers within 0.005-2 mm.
    """
    if text is None:
        return None
    low, high = _SPACING_RANGE_MM
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or not all(low <= number <= high for number in numbers):
        _refuse(f"--spacing-mm takes one or two numbers from {low} to {high} mm, as in 0.08,0.1.")
    return numbers[0], numbers[-1]


def parse_box(text: str | None) -> Box | None:
    """Read ``"80,40,560,440"`` as a box in pixels.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: not four whole numbers, left before right and top above bottom.
    """
    if text is None:
        return None
    try:
        x0, y0, x1, y1 = (int(part) for part in text.split(","))
    except ValueError:
        _refuse("--bmode takes four whole numbers of pixels: left,top,right,bottom.")
    if not (0 <= x0 < x1 and 0 <= y0 < y1):
        _refuse("--bmode needs left before right and top above bottom, none negative.")
    return x0, y0, x1, y1


def parse_muscles(text: str | None) -> tuple[str, ...]:
    """Read ``"biceps brachii, brachialis"``, by the names of the vocabulary where it has them.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: an empty or repeated name, too long, or with control characters.
    """
    if text is None:
        return ()
    names = [part.strip() for part in text.split(",")]
    if not all(name and name.isprintable() and len(name) <= 100 for name in names):
        _refuse("--muscle takes names of 1 to 100 printable characters, parted by commas.")
    known = tuple(muscle_name(name) for name in names)
    if len(set(known)) < len(known):
        _refuse("--muscle names a muscle twice.")
    return known


def parse_regions(text: str, muscles: Sequence[str], side: Side | None) -> Reading:
    """Read where the muscles are, and what they are called.

    Parameters
    ----------
    text
        ``auto``, ``whole`` or the path of a file.
    muscles, side
        The muscle that the whole image shows, or several from top to bottom.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: names that the file gives, or several for one whole image.
    InputError
        The file cannot be used.
    """
    if text in (AUTO, WHOLE):
        if len(muscles) > 1 and text == WHOLE:
            _refuse("--regions whole is one region: give it one --muscle.")
        if len(muscles) > 1:
            return Reading(layers=tuple(muscles), side=side)
        return Reading(muscle=next(iter(muscles), None), side=side, whole=text == WHOLE)
    if muscles or side is not None:
        _refuse("--muscle and --side name what is found; with --regions FILE the file does.")
    from usfasc.io.line_file import read_outline

    return read_outline(Path(text))


def _refuse(sentence: str) -> NoReturn:
    raise UsageError(Code.BAD_USAGE, sentence)

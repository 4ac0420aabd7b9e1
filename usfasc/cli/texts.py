"""How the texts of options are read: scales, boxes, muscles and where they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn

from usfasc.cli.options import AUTO, WHOLE
from usfasc.errors import Code, UsageError
from usfasc.model import SPACING_RANGE_MM, Box, Reading, Side

_BETWEEN_WORDS: Final = re.compile(r"[\s_-]+")


def parse_spacing(text: str | None) -> tuple[float, float] | None:
    """Read ``"0.08"`` or ``"0.08,0.1"`` as ``(dy, dx)`` in millimetres.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: not one or two numbers within 0.005-2 mm.
    """
    if text is None:
        return None
    low, high = SPACING_RANGE_MM
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


def parse_clip(
    frame_rate_hz: float | None, spacing: str | None, depth_mm: float | None, bmode: str | None
) -> Reading:
    """What the user says of a clip that its file does not.

    Parameters
    ----------
    frame_rate_hz, depth_mm
        Of ``--frame-rate`` and ``--depth-mm``.
    spacing, bmode
        Texts of ``--spacing-mm`` and ``--bmode``.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: as `parse_spacing` and `parse_box`.
    """
    return Reading(
        frame_rate_hz=frame_rate_hz,
        spacing_mm=parse_spacing(spacing),
        depth_mm=depth_mm,
        bmode=parse_box(bmode),
    )


def parse_muscles(
    text: str | None, side: Side | None = None
) -> tuple[tuple[str, ...], Side | None]:
    """Read ``"left biceps, brachialis"``: names, by the vocabulary where it has them, and the side.

    Parameters
    ----------
    text
        Of ``--muscle``.
    side
        Of ``--side``.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: an empty or repeated name, too long, or with control characters; or
        two sides of the body.
    """
    if text is None:
        return (), side
    names = [part.strip() for part in text.split(",")]
    if not all(name and name.isprintable() and len(name) <= 100 for name in names):
        _refuse("--muscle takes names of 1 to 100 printable characters, parted by commas.")
    told = [_muscle_and_side(name) for name in names]
    sides = {each for _, each in told if each is not None} | ({side} if side else set())
    if len(sides) > 1:
        _refuse("--muscle and --side name two sides of the body; a clip shows one.")
    known = tuple(name for name, _ in told)
    if len(set(known)) < len(known):
        _refuse("--muscle names a muscle twice.")
    return known, next(iter(sides), None)


def _muscle_and_side(name: str) -> tuple[str, Side | None]:
    """``"left biceps"`` and ``"BB_re"`` in two; a word before or after a muscle that is known."""
    from usfasc.regions.vocabulary import find_muscle, muscle_name
    from usfasc.regions.words import side_word

    if find_muscle(name) is None:
        parts = _BETWEEN_WORDS.split(name)
        (first, *rest), (*start, last) = parts, parts
        for word, others in ((first, rest), (last, start)):
            muscle, side = find_muscle(" ".join(others)), side_word(word.strip("().:"))
            if muscle and side:
                return muscle.name, side
    return muscle_name(name), None


def parse_regions(clip: Reading, text: str, muscles: Sequence[str], side: Side | None) -> Reading:
    """Read where the muscles of a clip are, and what they are called.

    Parameters
    ----------
    clip
        What else is said of it.
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
            return replace(clip, layers=tuple(muscles), side=side)
        return replace(clip, muscle=next(iter(muscles), None), side=side, whole=text == WHOLE)
    if muscles or side is not None:
        _refuse("--muscle and --side name what is found; with --regions FILE the file does.")
    from usfasc.io.line_file import read_outline

    drawn = read_outline(Path(text))
    return replace(
        clip, regions=drawn.regions, lines=drawn.lines, layers=drawn.layers, side=drawn.side
    )


def _refuse(sentence: str) -> NoReturn:
    raise UsageError(Code.BAD_USAGE, sentence)

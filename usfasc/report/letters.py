"""How wide words are, and how they are broken or cut to fit."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_MEASURED_AT: Final = 100


@cache
def font(size_px: int, *, bold: bool = False) -> FreeTypeFont:
    """The typeface of all pictures, as matplotlib brings it."""
    from matplotlib import get_data_path
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(get_data_path(), "fonts", "ttf", name)), size_px)


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text, in the unit that its size is given in."""
    return font(_MEASURED_AT, bold=bold).getlength(words) * size / _MEASURED_AT


def cut(words: str, width: float, size: float, *, bold: bool = False) -> str:
    """Words that fit a width: the whole, their beginning with an ellipsis, or nothing."""
    if width_of(words, size, bold=bold) <= width:
        return words
    kept = words
    while kept and width_of(f"{kept}...", size, bold=bold) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}..." if kept else ""


def broken(words: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Words as lines that fit a width; a single word that does not is cut."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [cut(line, width, size, bold=bold) for line in lines]

"""What a clip is, in the words that terminal and pictures share."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose
from statistics import median
from typing import TYPE_CHECKING, Final

from usfasc.model import Bmode, Cine, Line
from usfasc.regions.drift import owner_of
from usfasc.report.sentences import line_words, shown_words

if TYPE_CHECKING:
    from usfasc.clip_facts import ClipFacts, PictureFacts

_SQUARE: Final = 0.01
"""Sides of a pixel that differ by less are said as one."""
_CODING_WORDS: Final = {
    "native": "uncompressed",
    "pillow-packbits": "RLE",
    "simplejpeg": "JPEG",
    "imagecodecs libjpeg-turbo": "JPEG",
    "imagecodecs charls": "JPEG-LS",
    "imagecodecs openjpeg": "JPEG 2000",
    "imagecodecs libjxl": "JPEG XL",
}
"""A way of storing frames by the decoder that is pinned to it."""


def clip_lines(cine: Cine, facts: ClipFacts) -> Iterator[tuple[str, str]]:
    """All that is known of a clip, as pairs of what and how.

    Parameters
    ----------
    cine
        The clip.
    facts
        What `usfasc.clip_facts.clip_facts` found.
    """
    yield "file", file_words(cine)
    yield "time", time_words(cine)
    for picture, found in zip(cine.pictures, facts.pictures, strict=True):
        if found.name:
            yield "picture", found.name
        yield "frames", frame_words(found, facts)
        yield "scale", scale_words(cine, picture)
        yield "B-mode", bmode_words(found)
    if said := shown_words(facts.shown):
        yield "shows", said
    if any(region.origin == "automatic" for region in facts.regions):
        names = "; ".join(region.name for region in facts.regions)
        yield "muscles", f"{names} (found by the lines; check them by eye)"
    if facts.lines:
        yield "lines", "; ".join(depth_words(cine, line) for line in facts.lines)
    for warning in facts.warnings:
        yield "warning", warning
    for note in facts.fitness.notes:
        yield "note", note


def file_words(cine: Cine) -> str:
    """Kind of file, coding, size, number of frames, scanner."""
    source = cine.source
    coding = _CODING_WORDS.get(source.decoder, source.decoder.removeprefix("ffmpeg "))
    kind = {"dicom": "DICOM cine loop", "video": "video", "memory": "frames in memory"}[source.kind]
    scanner = " ".join(filter(None, (source.manufacturer, source.manufacturer_model)))
    height, width = cine.frames.shape
    size = f"{width} x {height} px, {cine.frames.count} frames"
    return f"{kind} ({coding}), {size}{f', {scanner}' if scanner else ''}"


def time_words(cine: Cine) -> str:
    """Duration and frame rate, and where they come from."""
    if cine.duration_s is None:
        return cine.times_origin
    return f"{cine.duration_s:.2f} s at {cine.frame_rate_hz:.4g} Hz ({cine.times_origin})"


def scale_words(cine: Cine, picture: Bmode) -> str:
    """Pixel size, where it comes from, and the size of a picture."""
    spacing_mm = cine.spacing_of(picture)
    if spacing_mm is None:
        return cine.spacing_origin
    dy, dx = spacing_mm
    x0, y0, x1, y1 = picture.box
    square = isclose(dx, dy, rel_tol=_SQUARE)
    pixel = f"{dx:.4g} mm a pixel" if square else f"{dx:.4g} mm wide and {dy:.4g} mm high a pixel"
    field = f"B-mode {(x1 - x0) * dx:.3g} mm wide, {(y1 - y0) * dy:.3g} mm deep"
    return f"{pixel} ({cine.spacing_origin}): {field}"


def frame_words(picture: PictureFacts, facts: ClipFacts) -> str:
    """How many frames are new, repeated, damaged or missing."""
    frames = picture.frame_facts
    rate_hz = frames.real_frame_rate_hz
    real = "" if rate_hz is None else f"{rate_hz:.4g} different pictures a second; "
    gaps = _counted(facts.gaps, "gap")
    longest = "" if facts.longest_gap_s is None else f" (longest {facts.longest_gap_s:.3g} s)"
    keys = "" if facts.key_frames is None else f", {_counted(facts.key_frames, 'key frame')}"
    return f"{real}{frames.repeated} repeated, {frames.damaged} damaged, {gaps}{longest}{keys}"


def bmode_words(picture: PictureFacts) -> str:
    """Where a picture lies, how that is known, and how much of it is masked."""
    x0, y0, x1, y1 = picture.box_px
    masked = f"{100 * picture.masked_share:.0f} % of it masked"
    sure = "" if picture.sure else ", unsure"
    note = f"; {picture.note}" if picture.note else ""
    return f"x {x0}-{x1}, y {y0}-{y1} ({picture.origin}{sure}), {masked}{note}"


def depth_words(cine: Cine, line: Line) -> str:
    """What a line is, how deep it lies in its picture, and how sure it is."""
    boxes = [picture.box for picture in cine.pictures]
    picture = cine.pictures[owner_of(line, boxes)]
    spacing_mm = cine.spacing_of(picture)
    assert spacing_mm is not None, "lines are looked for where the scale is known"
    depth_mm = (median(y for _, y in line.points) - picture.box[1] + 0.5) * spacing_mm[0]
    return f"{line_words(line)} {depth_mm:.1f} mm deep (confidence {line.confidence:.2f})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

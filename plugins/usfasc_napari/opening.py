"""Files into layers: a clip and its result, a review, a row of a survey, muscle regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from usfasc.errors import Code, InputError
from usfasc.io import open_cine
from usfasc.io.discover import clip_stem
from usfasc.io.line_file import read_outline
from usfasc.io.opening import as_said
from usfasc.io.results import read_regions, read_result
from usfasc.model import Cine, Event, Reading, Region, Result
from usfasc.regions import with_header
from usfasc.survey.manifest import Row, read_manifest
from usfasc.tissue import with_pictures
from usfasc_napari.finding import RESULT_SUFFIX, Found, find_clip, find_result
from usfasc_napari.layers import (
    Axes,
    LayerData,
    OpenClip,
    Over,
    clip_layer,
    event_layer,
    region_layer,
    vessel_layer,
)

REGIONS_SUFFIX: Final = ".regions.json"
_REVIEW: Final = re.compile(r"(?P<stem>.+)\.review\.(?P<reviewer>[a-z0-9-]{1,32})\.jsonl")
_ROW: Final = re.compile(r"(?P<manifest>.+\.csv):(?P<row>\d{1,6})")
_MANIFEST: Final = re.compile(r".*survey.*\.csv", re.IGNORECASE)
_NO_CLIP: Final = "Not over its clip: open the clip first."


class Ask(Protocol):
    """What only a person can say; None is no answer."""

    def row(self, labels: Sequence[str]) -> int | None:
        """Which of a survey's rows is meant, counted from 1."""

    def clip(self, name: str) -> Path | None:
        """Where the clip of a result lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a file became, and what whoever opened it should know."""

    layers: tuple[LayerData, ...] = ()
    notes: tuple[str, ...] = ()
    reviewer: str | None = None
    """Whose review the file is."""


def is_named_ours(path: Path) -> bool:
    """Whether a file is called as clips, results, reviews, surveys and regions are."""
    named = (_REVIEW, _ROW, _MANIFEST)
    return (
        clip_stem(path) != path.name
        or path.name.endswith((RESULT_SUFFIX, REGIONS_SUFFIX))
        or any(pattern.fullmatch(path.name) for pattern in named)
    )


def open_layers(path: Path, shown: Sequence[OpenClip] = (), ask: Ask | None = None) -> Opened:
    """Make layers of a file.

    Parameters
    ----------
    path
        A clip, a result (``.usfasc.json``), a review (``.review.NAME.jsonl``), a survey
        (``survey.csv``, or one row of it, ``survey.csv:3``) or muscle regions
        (``.regions.json``).
    shown
        The clips on display, the newest last: what a result or regions are laid over.
    ask
        Whom to ask for what the file leaves open; None: nobody.

    Raises
    ------
    InputError
        The file cannot be used; the code says why.
    """
    if path.name.endswith(RESULT_SUFFIX):
        return _open_result(path, shown, ask)
    if path.name.endswith(REGIONS_SUFFIX):
        return _open_regions(path, shown)
    if review := _REVIEW.fullmatch(path.name):
        result = path.with_name(review["stem"] + RESULT_SUFFIX)
        return replace(_open_result(result, shown, ask), reviewer=review["reviewer"])
    if row := _ROW.fullmatch(str(path)):
        return _open_row(Path(row["manifest"]), int(row["row"]))
    if _MANIFEST.fullmatch(path.name):
        return _open_manifest(path, ask)
    return _open_clip(path, Reading())


def over_clip(result: Result, path: Path | None, axes: Axes, name: str) -> tuple[LayerData, ...]:
    """The layers of a result over its clip: vessels, muscle regions, events, where there are any.

    Parameters
    ----------
    result
        The result.
    path
        Where it lies.
    axes, name
        The clip's.
    """
    over = partial(Over, sha256=result.source.sha256, result_path=path)
    layers = []
    if result.vessels:
        named = f"{name}: vessels"
        layers.append(vessel_layer(result.vessels, axes, named, over(role="vessels")))
    layers += over_regions(result.regions, axes, name, over(role="regions"))
    layers += over_events(result.events, axes, name, over(role="events"))
    return tuple(layers)


def over_regions(
    regions: Sequence[Region], axes: Axes, name: str, over: Over
) -> tuple[LayerData, ...]:
    """The layer of muscle regions over a clip, where there are any."""
    return (region_layer(regions, axes, f"{name}: regions", over),) if regions else ()


def over_events(
    events: Sequence[Event], axes: Axes, name: str, over: Over
) -> tuple[LayerData, ...]:
    """The layer of events over a clip, where there are any."""
    return (event_layer(events, axes, f"{name}: events", over),) if events else ()


def _open_result(path: Path, shown: Sequence[OpenClip], ask: Ask | None) -> Opened:
    """A result over its clip: one on display, one that lies near it, or one that is shown to us."""
    result, stem = read_result(path), path.name.removesuffix(RESULT_SUFFIX)
    sha256 = result.source.sha256
    here = [clip for clip in shown if clip.cine.source.sha256 == sha256]
    if not here:
        clip = find_clip(path, sha256) or (ask.clip(stem) if ask else None)
        if clip is not None:
            return _open_clip(clip, Reading(), Found(result=result, path=path))
    axes = told_by(here[-1], result).axes if here else Axes()
    layers = over_clip(result, path, axes, stem)
    empty = () if layers else ("The result holds no event and no region.",)
    return Opened(layers=layers, notes=empty or (() if here else (_NO_CLIP,)))


def _open_regions(path: Path, shown: Sequence[OpenClip]) -> Opened:
    axes = shown[-1].axes if shown else Axes()
    sha256 = shown[-1].cine.source.sha256 if shown else ""
    name = path.name.removesuffix(REGIONS_SUFFIX)
    layers = over_regions(read_regions(path), axes, name, Over(sha256=sha256, role="regions"))
    return Opened(layers=layers, notes=() if shown else (_NO_CLIP,))


def _open_manifest(path: Path, ask: Ask | None) -> Opened:
    """The one row of a survey, or the one that is asked for."""
    rows = read_manifest(path)
    if len(rows) == 1:
        return _open_row(path, 1)
    number = ask.row([_row_words(number, row) for number, row in enumerate(rows, 1)]) if ask else 0
    if number == 0:
        raise InputError(Code.BAD_USAGE, "Say which row of the survey: survey.csv:3 is the third.")
    return Opened() if number is None else _open_row(path, number)


def _open_row(path: Path, number: int) -> Opened:
    """The clip of one row, read as the row says."""
    rows = read_manifest(path)
    if not 1 <= number <= len(rows):
        raise InputError(Code.BAD_USAGE, f"The survey has rows 1 to {len(rows)}.")
    row = rows[number - 1]
    return _open_clip(path.parent / row.clip, _reading_of(row, path.parent), near=path.parent)


def _reading_of(row: Row, folder: Path) -> Reading:
    """What a row says of its clip."""
    given = Reading()
    if row.choice.how == "file" and row.choice.file is not None:
        given = read_outline(folder / row.choice.file)
    return replace(
        given,
        frame_rate_hz=row.frame_rate_hz,
        depth_mm=row.depth_mm,
        muscle=row.muscle or None,
        side=row.side or given.side,
        whole=row.choice.how == "whole",
    )


def _row_words(number: int, row: Row) -> str:
    """A row as a person tells it from the others."""
    muscle = " ".join(filter(None, (row.side or "", row.muscle or "muscle not given")))
    return ", ".join(filter(None, (f"{number}: {row.subject}", row.session, muscle, row.clip)))


def _open_clip(
    path: Path, reading: Reading, found: Found | None = None, near: Path | None = None
) -> Opened:
    """A clip with its regions and events, from the result that is given or found.

    It is read as it was for its result: else events would not lie where and when they were.
    """
    name, clip = clip_stem(path), OpenClip(cine=with_header(open_cine(path, Reading()), path))
    sha256 = clip.cine.source.sha256
    found = found or find_result(path, sha256, near)
    clip = replace(_said(clip, reading), path=path, result_path=found.path)
    if found.result is not None:
        clip = told_by(clip, found.result)
        over = over_clip(found.result, found.path, clip.axes, name)
    else:
        over = over_regions(reading.regions, clip.axes, name, Over(sha256=sha256, role="regions"))
    notes = (*clip.cine.warnings, *_unknowns(clip.cine), *filter(None, (found.note,)))
    return Opened(layers=(clip_layer(clip, name), *over), notes=notes)


def told_by(clip: OpenClip, result: Result) -> OpenClip:
    """A clip as it was read for a result of it: in its scale, and at its frame rate.

    Raises
    ------
    InputError
        ``BAD_FRAME_RATE`` or ``BAD_SCALE``: what the result says was given cannot be.
    """
    said = clip if result.given is None else _said(clip, result.given)
    return replace(said, cine=_as_analysed(said.cine, result))


def _said(clip: OpenClip, reading: Reading) -> OpenClip:
    """The clip as its file and somebody tell it."""
    if reading == clip.reading:
        return clip
    stored = clip.stored or clip.cine
    cine = as_said(stored, reading)
    if reading.depth_mm is not None:
        # Only the height of the B-mode picture makes a scale of a depth.
        cine = with_pictures(cine, reading)
    return replace(clip, cine=cine, reading=reading, stored=stored)


def _as_analysed(cine: Cine, result: Result) -> Cine:
    """The clip in its result's scale, where nothing else tells one: for older results."""
    given = {picture.spacing_mm for picture in result.pictures}
    if cine.spacing_mm is not None or len(given) != 1:
        return cine
    return replace(cine, spacing_mm=given.pop(), spacing_origin="as its result was analysed")


def _unknowns(cine: Cine) -> list[str]:
    notes = []
    if cine.times_s is None:
        notes.append("No frame rate: time is in frames.")
    if cine.spacing_mm is None:
        differ = any(picture.spacing_mm for picture in cine.pictures)
        why = "The pictures differ in pixel size" if differ else "No pixel size"
        notes.append(f"{why}: lengths are in pixels.")
    return notes

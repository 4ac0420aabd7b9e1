"""The values that pass between the rooms of the house.

Frozen, keyword-only, units in the names. Dataclasses where arrays live,
pydantic where JSON crosses. Frames are half-open ``[start, stop)``; arrays are
``(t, y, x)``; pixel centres lie at integers, origin at the top left of the
stored frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, field_validator, model_validator

SCHEMA_VERSION: Final = 1
DISCLAIMER = "Research use only. Not a medical device. Not for diagnosis or treatment decisions."
WHOLE_IMAGE = "*"
SITE_MM: Final = 4.0
"""Distance up to which twitches, or groups of them on average, are of one site.

A place is found to 1.3 mm or better (median), and to 0.3 mm again: were all of it scatter,
two twitches of one site would lie 1.9 mm apart on average, and two of sites 6 mm apart 6.3 mm.
This is the middle between them; a muscle that drifts by as much keeps its sites.
"""

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Box = tuple[int, int, int, int]
"""``(x0, y0, x1, y1)`` in stored pixels, half-open."""


class Kind(StrEnum):
    """What a movement was taken for; only ``fasciculation`` is counted."""

    FASCICULATION = "fasciculation"
    TRAIN = "train"
    PULSATION = "pulsation"
    CONTRACTION = "contraction"
    TREMOR = "tremor"
    BREATHING = "breathing"
    SWALLOWING = "swallowing"
    PROBE_MOTION = "probe_motion"
    ARTEFACT = "artefact"
    UNSURE = "unsure"


class Status(StrEnum):
    """What a region's count allows to be said (rule: Noto 2017)."""

    PRESENT = "present"
    ABSENT = "absent"
    SHORT = "short"
    NOT_ASSESSABLE = "not_assessable"


class Side(StrEnum):
    """Body side of a muscle."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One decoded frame: luma only, full stored size ``(y, x)``."""

    index: int
    grey: Grey
    damaged: bool = False
    """The decoder refused it; ``grey`` then repeats the frame before it."""


class FrameReader(Protocol):
    """Frames of one clip, decoded on demand, never all in memory."""

    @property
    def count(self) -> int:
        """Number of frames."""

    @property
    def shape(self) -> tuple[int, int]:
        """``(height, width)`` in pixels."""

    @property
    def has_colour(self) -> bool:
        """Whether pixels may carry colour (``colour`` then differs from grey)."""

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Decode frames ``[start, stop)`` once, in order."""

    def colour(self, index: int) -> Grey:
        """Decode one frame as RGB ``(y, x, 3)``."""


class Source(BaseModel):
    """Where a clip came from: never a path, a name or a date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    kind: Literal["dicom", "video", "memory"]
    decoder: str = ""
    transfer_syntax_uid: str | None = None
    sop_class_uid: str | None = None
    sop_instance_uid: str | None = None
    series_uid: str | None = None
    study_uid: str | None = None
    manufacturer: str | None = None
    manufacturer_model: str | None = None


class Value(BaseModel):
    """Base of everything that crosses into JSON; NaN and infinity have no place there."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


SaidBy = Literal["user", "code", "text"]
"""The user; else the clip's header, by a code or in words that leave no doubt."""


class Shown(Value):
    """The muscle and the side that a clip as a whole is said to show; None where nobody says so."""

    muscle: str | None = None
    muscle_origin: SaidBy | None = None
    side: Side | None = None
    side_origin: SaidBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderNames:
    """What a clip's header says that it shows, in words of the vocabulary and no others."""

    shown: Shown = field(default=Shown())
    """What leaves no doubt."""
    muscles: tuple[str, ...] = ()
    """All that it may name; where it is not sure, for a person to choose from."""
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bmode:
    """One B-mode picture of the screen: where grey levels are tissue.

    ``mask`` is ``(height, width)`` of the whole stored frame, true where
    movement can be judged (overlays and coloured pixels are false).
    ``spacing_mm`` is ``(dy, dx)`` where the picture has a scale of its own, None
    where the frame's holds: ask `Cine.spacing_of`.
    """

    box: Box
    mask: Mask
    origin: Literal["tag", "found", "given", "whole"]
    sure: bool = True
    note: str = ""
    spacing_mm: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cine:
    """One clip: lazy grey frames, their times, and what is known of their scale.

    ``times_s`` is ``(t,)``, starts at 0 and rises strictly; None where no time
    base is known. ``spacing_mm`` is ``(dy, dx)`` of the frame; None where it is
    uncalibrated, or where its pictures differ. ``pictures`` are the B-mode
    pictures of the screen, two of a dual one, from left to right; empty where
    they have not been looked for. The ``*_origin`` words say where each value
    came from, in a sonographer's words.
    """

    frames: FrameReader
    times_s: Floats | None
    times_origin: str
    spacing_mm: tuple[float, float] | None
    spacing_origin: str
    source: Source
    pictures: tuple[Bmode, ...] = ()
    key_frames: Mask | None = None
    """``(t,)``: true at the key frames of a video codec; None where there are none."""
    warnings: tuple[str, ...] = ()
    header: HeaderNames = HeaderNames()
    """What its file says that it shows."""

    @property
    def bmode(self) -> Bmode | None:
        """The only picture, or the largest of several; None where none was looked for."""
        return max(self.pictures, key=_area_px, default=None)

    def spacing_of(self, picture: Bmode) -> tuple[float, float] | None:
        """Pixel size ``(dy, dx)`` in mm of one of the pictures, None where unknown."""
        return picture.spacing_mm or self.spacing_mm

    @property
    def duration_s(self) -> float | None:
        """Time from the first frame to the end of the last one's interval."""
        if self.times_s is None or len(self.times_s) < 2:
            return None
        return float(self.times_s[-1] + np.median(np.diff(self.times_s)))

    @property
    def frame_rate_hz(self) -> float | None:
        """Frames per second by the median interval."""
        if self.times_s is None or len(self.times_s) < 2:
            return None
        return float(1.0 / np.median(np.diff(self.times_s)))


def _area_px(picture: Bmode) -> int:
    x0, y0, x1, y1 = picture.box
    return (x1 - x0) * (y1 - y0)


Point = tuple[float, float]
Fraction = Annotated[float, Field(ge=0, le=1)]
MuscleName = Annotated[str, Field(min_length=1, max_length=100)]
"""What a person may call a muscle; a region's name holds it, a side and a picture."""
FRAME_RATE_RANGE_HZ: Final = (1, 1000)
DEPTH_RANGE_MM: Final = (5, 400)
SPACING_RANGE_MM: Final = (0.005, 2.0)
"""What a user may say: no finer pixel, since a picture is laid out in millimetres."""
FrameRate = Annotated[float, Field(ge=FRAME_RATE_RANGE_HZ[0], le=FRAME_RATE_RANGE_HZ[1])]
Depth = Annotated[float, Field(ge=DEPTH_RANGE_MM[0], le=DEPTH_RANGE_MM[1])]


class Region(Value):
    """A muscle region: a polygon in pixels of the stored frame."""

    name: Annotated[str, Field(min_length=1, max_length=140)]
    muscle: str | None = None
    side: Side | None = None
    polygon: Annotated[tuple[Point, ...], Field(min_length=3, max_length=10_000)]
    origin: Literal["drawn", "automatic", "whole"] = "drawn"


class LineCourse(Value):
    """How far down, as tissue drifts, the two ends of a line lie from where it is drawn."""

    time_s: Annotated[tuple[float, ...], Field(min_length=1)]
    left_px: tuple[float, ...]
    right_px: tuple[float, ...]

    @model_validator(mode="after")
    def _is_a_course(self) -> LineCourse:
        lengths = {len(self.time_s), len(self.left_px), len(self.right_px)}
        if len(lengths) > 1 or any(b <= a for a, b in pairwise(self.time_s)):
            raise ValueError("a course has one place of each end for every time, and times rise")
        return self


LineKind = Literal["skin", "fascia", "shadow"]


class Line(Value):
    """An edge of a layer, from the left side of its picture to the right one."""

    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=1_000)]
    """``(x_px, y_px)`` in the stored frame, from left to right."""
    kind: LineKind = "fascia"
    """Below a ``shadow`` comes next to no echo: it is of bone, or there is air or fluid."""
    confidence: Fraction = 1.0
    proposed: bool = True
    """Sure enough to part regions; else a guess, which only a person may take up."""
    drawn_s: Annotated[float, Field(ge=0)] | None = None
    """Time of the frame that a person drew it on; the clip's first frame where None."""
    course: LineCourse | None = None
    """Where it lies over the clip; None where it stays, or was not followed."""

    @field_validator("points")
    @classmethod
    def _from_left_to_right(cls, points: tuple[Point, ...]) -> tuple[Point, ...]:
        # Else no row could be told between them.
        columns = [x for x, _ in points]
        if columns != sorted(columns) or columns[0] == columns[-1]:
            raise ValueError("points go from left to right")
        return points


class Vessel(Value):
    """A lumen that B-mode shows as dark and walled all around: a tag, which parts no regions."""

    polygon: Annotated[tuple[Point, ...], Field(min_length=3, max_length=10_000)]
    """``(x_px, y_px)`` in the stored frame."""
    area_mm2: float


class TwitchCourse(Value):
    """How far the tissue of one event moved, frame by frame, along its field at the peak."""

    time_s: tuple[float, ...]
    """Since the event's onset."""
    moved_mm: tuple[float, ...]


class Event(Value):
    """One movement, whatever its kind. Positions are in pixels of the stored frame."""

    event: Annotated[int, Field(ge=1)]
    region: str = ""
    other_region: str = ""
    """The region beyond a line within 2 mm, where one is: the event may be of either."""
    near_line: LineKind | None = None
    """What the nearest line within 2 mm is of; a region need not lie beyond it."""
    kind: Kind
    reason: str = ""
    onset_s: float
    peak_s: float
    offset_s: float
    start_frame: int
    peak_frame: int
    stop_frame: int
    x_px: float
    y_px: float
    x_mm: float | None = None
    y_mm: float | None = None
    box_px: Box
    area_mm2: float | None = None
    peak_displacement_mm: float | None = None
    peak_velocity_mm_s: float | None = None
    direction_deg: float | None = None
    score: Fraction | None = None
    flow_share: Fraction | None = None
    """Share of the evidence borne by optical flow; the rest is frame differencing."""
    borderline: bool = False
    """So near a threshold that another CPU might decide otherwise."""
    site: str | None = None
    """The firing site that it is of, as ``S1``; None where its place fired but once."""
    train_hz: float | None = None
    """Discharges a second of a train, where the frame rate tells them."""
    contraction_s: float | None = None
    """From the onset to the peak."""
    relaxation_s: float | None = None
    """From the peak to the offset, at which a tenth of the way back is left; None where the
    frames do not show it."""
    total_s: float | None = None
    contraction_error_s: float | None = None
    """Standard error: spread over the shapes of twitch that fit the frames as well."""
    relaxation_error_s: float | None = None
    total_error_s: float | None = None
    peak_displacement_error_mm: float | None = None
    """Standard error: noise, and what speckle that changes as it moves costs."""
    peak_velocity_error_mm_s: float | None = None
    directional_anisotropy: Fraction | None = None
    """Length of the mean unit vector of what moves: 1 all one way, 0 every way."""
    directional_anisotropy_error: float | None = None
    """Standard error: few windows, and what their noise turns."""
    onset_spread_s: float | None = None
    """Standard deviation of the moment at which parts of the field rise.

    What is below its error says no more than that the field rises at once.
    """
    onset_spread_error_s: float | None = None
    """Standard error: few parts, and how well the rise of each is told."""
    area_error_mm2: float | None = None
    """Standard error: noise at the outline, and what the field blurs."""
    direction_error_deg: float | None = None
    """Standard error: noise, and how far parts of the field go different ways; 104 says that the
    direction may be any."""
    course: TwitchCourse | None = None
    origin: Literal["detected", "annotated", "simulated"] = "detected"


class AssessableSpan(Value):
    """A stretch of one region's time: judged (``reason`` None) or why not."""

    region: str
    start_s: float
    stop_s: float
    reason: str | None = None


class Rhythm(Value):
    """How regularly a site or a region fires, from the intervals between its twitches.

    An interval that holds unjudged time is left out, as are the times before the
    first and after the last: nobody saw where they end.
    """

    label: str
    """In words, with the figures behind: "irregular, CV 0.90 over 14 intervals"."""
    pattern: Literal["regular", "irregular", "too_few"]
    intervals: int
    median_interval_s: float | None = None
    cv: float | None = None
    """Standard deviation of the intervals over their mean."""
    chance: Fraction | None = None
    """Of intervals as even as these, or more so, where firing is random (Poisson)."""
    doublets: int = 0
    frequency_hz: float | None = None
    """Firings a second where they are regular: one over the median interval."""
    censored: int = 0
    """Intervals whose length nobody saw: the first, the last, and those that hold unjudged time."""


class SiteCourse(Value):
    """Mean course of a site's twitches along their own movements, and how they differ."""

    twitches: int
    time_s: tuple[float, ...]
    """Since the onset."""
    mean_mm: tuple[float, ...]
    spread_mm: tuple[float, ...]
    """Standard deviation between twitches."""


class Site(Value):
    """A place in a muscle that fires again and again with one movement."""

    site: str
    region: str
    events: tuple[int, ...]
    """Numbers of its twitches and trains."""
    x_px: float
    y_px: float
    x_mm: float | None = None
    y_mm: float | None = None
    spread_mm: float | None = None
    """Median distance of its events from its place."""
    direction_deg: float | None = None
    area_mm2: float | None = None
    rhythm: Rhythm
    course: SiteCourse | None = None
    """Of two twitches or more whose courses are known."""


class Coincidence(Value):
    """Twitches of two regions at one moment, beside what chance gives."""

    regions: tuple[str, str]
    pairs: int
    expected: float
    """Pairs as near in time, were the two regions independent and each even over time."""


class RegionSummary(Value):
    """Count and rate of one region; region ``*`` is the whole image."""

    region: str
    count: int
    assessable_s: float
    rate_per_min: float | None
    rate_low: float | None
    rate_high: float | None
    status: Status
    saturated: bool = False
    """Twitches follow so closely that the count is a lower bound: "at least N, continuous"."""
    grade: Annotated[int, Field(ge=0, le=3)] | None = None
    """The usfasc grade, ours: 0 none, 1 isolated, 2 multiple, 3 continuous."""
    miss_probability: Fraction | None = None
    """Of seeing too few twitches in this time though the muscle fasciculates; where not present."""
    area_mm2: float | None = None
    """Tissue of the region that can be judged; None where the scale is not known."""
    density_per_mm2_min: float | None = None
    """Twitches per mm2 and minute: the rate over the area."""
    sites: int | None = None
    """Places that fired more than once, or in a train."""
    wandering_share: Fraction | None = None
    """Share of the twitches whose place fired but once."""
    rhythm: Rhythm | None = None


Pixel = Annotated[int, Field(ge=0, le=2**14)]


class WatchedWindow(Value):
    """What could be told in one window of a clip, moment by moment and cell by cell.

    The texts are packed numbers, which `usfasc.detect.packing` reads.
    """

    moments: Annotated[int, Field(ge=0, le=10**7)]
    steps: str
    """``(moments,)`` microseconds since the moment before, the first since the clip's start."""
    unsteady: str
    """``(moments,)`` whether the picture trembles."""
    seen: str
    """``(rows, columns)`` cells that show a twitch while all is quiet."""
    states: str
    """``(moments, rows, columns)`` whether a cell stirs, is carried or lost, and why."""


class WatchedCells(Value):
    """Where and when a picture's tissue could be judged: what the time of any region rests on."""

    shape: tuple[int, int]
    """Rows and columns of cells about 1 mm a side, from the upper left corner of the picture."""
    valid: str
    """``(rows, columns)`` cells that hold tissue, packed."""
    duration_s: Annotated[float, Field(gt=0, le=10**6)]
    frames: tuple[AssessableSpan, ...] = ()
    """Stretches lost to the frames themselves: dark, frozen or missing ones."""
    windows: tuple[WatchedWindow, ...] = ()


class DensityMap(Value):
    """Twitches per mm2 and minute over a picture, each spread by as much as places are unsure."""

    cell_px: tuple[float, float]
    """``(height, width)`` of a cell in stored pixels; the first lies in the picture's corner."""
    cell_mm: tuple[float, float]
    spread_mm: float
    """Standard deviation of the Gaussian that each twitch is given."""
    per_mm2_min: tuple[tuple[float, ...], ...]
    """``(rows, columns)`` values at the middles of the cells."""


class JudgedPicture(Value):
    """One B-mode picture of the screen as it was judged."""

    box_px: tuple[Pixel, Pixel, Pixel, Pixel]
    spacing_mm: tuple[PositiveFloat, PositiveFloat] | None
    """``(dy, dx)`` of a pixel; None where the picture is not calibrated."""
    analysed_spacing_mm: tuple[PositiveFloat, PositiveFloat]
    """``(dy, dx)`` that lengths were analysed with: assumed, where the scale is not known."""
    area_mm2: float | None
    """Tissue that can be judged; None where the scale is not known."""
    places: WatchedCells
    density: DensityMap | None = None
    """None where the scale is not known, or nothing was counted or could be judged."""


class ReviewNote(Value):
    """Whose review a result holds, and how far it went."""

    reviewer: str
    date: str
    """Of the last act, ``YYYY-MM-DD``, UTC; empty where nothing was done."""
    modes: tuple[str, ...]
    """What the reader was shown: ``guided``, ``blinded``, ``annotate``."""
    accepted: int
    rejected: int
    unsure: int
    """Called unsure, or another kind than a fasciculation."""
    added: int
    undecided: int
    """Listed events without a verdict: they are not counted."""
    undecided_counted: int
    """Those among them that the detector counts."""
    unjudged: int = 0
    """Counted events that begin in time that could not be judged, and no rate rests on."""
    carried: int
    """Verdicts that were given on an earlier result of the clip."""
    unmatched: int
    """Verdicts on an earlier result whose event is not in this one."""
    none_seen: tuple[str, ...] = ()
    """Regions in which the reader says that there is none; ``*`` is the whole image."""
    spent_s: float
    """Time of review, pauses left out."""
    result_sha256: str
    """Digest of the result as it was detected."""
    review_sha256: str
    """Digest of the file of the review."""


class Engine(Value):
    """What computed a result."""

    name: Literal["usfasc"] = "usfasc"
    version: str
    libraries: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the user says of a clip, where its file does not."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    frame_rate_hz: float | None = None
    spacing_mm: tuple[float, float] | None = None
    depth_mm: float | None = None
    bmode: Box | None = None
    regions: Annotated[tuple[Region, ...], Field(max_length=256)] = ()
    lines: Annotated[tuple[Line, ...], Field(max_length=64)] = ()
    """Edges of layers that a person drew; the regions lie between them."""
    muscle: str | None = None
    """The one that the whole image shows."""
    layers: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    """Muscles from top to bottom, to be laid on the layers between lines."""
    whole: bool = False
    """Whether each picture is to be one region, whatever layers it shows."""
    side: Side | None = None
    header: bool = True
    """Whether what the clip's header says for sure stands where nothing else is said."""
    part_s: tuple[float, float] | None = None
    """Start and stop of the part to analyse; None: the whole clip."""


class Result(Value):
    """Everything usfasc says about one clip; two runs give the same bytes."""

    schema_version: Literal[1] = SCHEMA_VERSION
    disclaimer: str = DISCLAIMER
    source: Source
    engine: Engine
    parameters: dict[str, float | int | bool | str]
    parameters_digest: str
    regions: tuple[Region, ...]
    events: tuple[Event, ...]
    assessable: tuple[AssessableSpan, ...]
    summaries: tuple[RegionSummary, ...]
    warnings: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    coincidences: tuple[Coincidence, ...] = ()
    lines: tuple[Line, ...] = ()
    """Edges of the layers that were found, or that a person drew."""
    vessels: tuple[Vessel, ...] = ()
    """Lumens that were found where layers were looked for."""
    review: ReviewNote | None = None
    """Whose verdicts the counts follow; None where they are the detector's."""
    pictures: tuple[JudgedPicture, ...] = ()
    """The pictures of the screen, and where and when their tissue could be judged."""
    given: Reading | None = None
    """What the user said of the clip; None where that is not known, as in older results."""
    shown: Shown | None = None
    """Which muscle and side its regions are called by where no person drew or named them one by
    one, and who says so; None where nobody does."""

"""The annotated video: the clip at its own times, events outlined while they last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.io.video_out import VideoCodec
from usfasc.io.video_out import write_video as encode
from usfasc.model import Cine, Event, Grey, Kind, Result
from usfasc.report import style
from usfasc.report.close_up import CloseUp, close_up, for_every_event
from usfasc.report.letters import width_of
from usfasc.report.marks import Words, outline, write
from usfasc.report.pictures import Progress
from usfasc.report.sentences import kind_words
from usfasc.report.stage import HEAD_PX, MARGIN_PX, Stage, set_stage
from usfasc.report.view import View, view_of
from usfasc.rules.wording import whose_words

_CODEC: Final = VideoCodec(
    name="libx264",
    key_frame_every=50,
    # Without the macroblock tree two runs give the same bytes.
    options=(("crf", "20"), ("preset", "veryfast"), ("mbtree", "0")),
)
_WORDS_PX: Final = 15
_EVENT_PX: Final = 400
"""Longer side of one event's picture, as of its WebP."""


def write_video(
    path: Path, cine: Cine, result: Result, speed: float, progress: Progress | None = None
) -> None:
    """Write a clip with what was found in it as MP4; the same result gives the same bytes.

    Frames are decoded, drawn and coded one by one; each stands for as long as it
    did in the clip.

    Parameters
    ----------
    path
        ``<stem>.annotated.mp4``.
    cine
        The clip, with times.
    result
        What was found in it.
    speed
        1 as it was, 0.5 half as fast.
    progress
        Called with frames done and frames in all.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    view = view_of(cine)
    stage = set_stage(cine, view, result, speed)
    assert cine.times_s is not None, "a result has times"
    encode(path, _frames(cine, view, result, stage, progress), cine.times_s / speed, _CODEC)


def write_event_video(path: Path, seen: CloseUp, speed: float, remark: str) -> None:
    """Write one event from near as MP4, played once: for slides and players without WebP.

    Parameters
    ----------
    path
        ``<stem>.event-003.mp4``.
    seen
        The event and the frames around it.
    speed
        1 as it was, 0.5 half as fast.
    remark
        Stands below it, before the disclaimer.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``.
    """
    frames = map(_even, seen.drawn(_EVENT_PX, remark))
    encode(path, frames, (seen.times_s - seen.times_s[0]) / speed, _CODEC)


def write_event_videos(
    place: tuple[Path, str],
    cine: Cine,
    result: Result,
    speed: float,
    progress: Progress | None = None,
) -> Iterator[Path]:
    """Write ``<stem>.event-003.mp4`` for every event, and drop those of an older result.

    Parameters
    ----------
    place
        Folder and stem of the result's files.
    cine
        The clip, with times; the second and a half around each event is decoded.
    result
        What was found in it.
    speed
        As `write_event_video` takes it.
    progress
        Called with events done and events in all.

    Yields
    ------
    Path
        A file, once it is whole.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    view, remark = view_of(cine), whose_words(result.review)

    def write_one(path: Path, event: Event) -> None:
        write_event_video(path, close_up(cine, view, event), speed, remark)

    yield from for_every_event((*place, ".mp4"), result.events, write_one, progress)


def _even(frame: Grey) -> Grey:
    """A frame with both sides even, as the codec wants them."""
    rows, columns = (side % 2 for side in frame.shape[:2])
    return np.pad(frame, ((0, rows), (0, columns), (0, 0)))


def _frames(
    cine: Cine, view: View, result: Result, stage: Stage, progress: Progress | None
) -> Iterator[Grey]:
    assert cine.times_s is not None, "a result has times"
    for frame in cine.frames.stream():
        time_s = float(cine.times_s[frame.index])
        yield _drawn(view.shown(frame.grey), time_s, result, stage)
        if progress is not None:
            progress(frame.index + 1, cine.frames.count)


def _drawn(grey: Grey, time_s: float, result: Result, stage: Stage) -> Grey:
    """One frame of the video."""
    image = stage.image.rgb(grey)
    stage.lines.draw_on(image)
    words: list[Words] = []
    for event in result.events:
        if event.onset_s <= time_s <= event.offset_s:
            x, y = outline(image, event, stage.image)
            said = _event_words(event)
            room = image.shape[1] - width_of(said, _WORDS_PX, bold=True) - 4
            words.append((said, (max(min(x, room), 4), max(y, _WORDS_PX)), "ls"))
    image = write(image, words, size_px=_WORDS_PX, colour=style.OTHER)
    canvas = stage.with_image(image, time_s)
    return write(canvas, _head(time_s, result.events), size_px=20, colour=style.INK, rim_px=0)


def _event_words(event: Event) -> str:
    kind = "" if event.kind is Kind.FASCICULATION else f" {kind_words(event.kind)}"
    score = "" if event.score is None else f", score {event.score:.2f}"
    return f"{event.event}{kind}{score}"


def _head(time_s: float, events: Sequence[Event]) -> list[Words]:
    so_far = sum(e.kind is Kind.FASCICULATION and e.onset_s <= time_s for e in events)
    middle = HEAD_PX / 2
    return [
        (f"{time_s:.2f} s", (MARGIN_PX, middle), "lm"),
        (f"twitches so far: {so_far}", (MARGIN_PX + 150, middle), "lm"),
    ]

"""``usfasc info``: what a clip is, and whether twitches can be counted in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options

if TYPE_CHECKING:
    from usfasc.clip_facts import ClipFacts, PictureFacts
    from usfasc.io.discover import FoundClip
    from usfasc.model import Reading

_SYNTAX_WORDS = {"simplejpeg": "JPEG", "native": "uncompressed", "pillow-packbits": "RLE"}


def info(
    clips: Annotated[
        list[Path],
        typer.Argument(
            metavar="CLIP...", help="DICOM files, videos, folders or globs.", show_default=False
        ),
    ],
    frame_rate: options.FrameRate = None,
    spacing_mm: options.Spacing = None,
    depth_mm: options.Depth = None,
    bmode: options.BmodeBox = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell what clips are, and whether twitches can be counted in them.

    Size, time base, scale and B-mode area, each with where it comes from; repeated
    and damaged frames and gaps, from a pass over the frames. Nothing is written.

    Examples:

      usfasc info clip.dcm
      usfasc info film.mp4 --depth-mm 40
      usfasc info study/ --json
    """
    from usfasc.cli.show import Terminal
    from usfasc.io.discover import find_clips
    from usfasc.model import Reading

    reading = Reading(
        frame_rate_hz=frame_rate,
        spacing_mm=options.parse_spacing(spacing_mm),
        depth_mm=depth_mm,
        bmode=options.parse_box(bmode),
    )
    found = find_clips(clips)
    failed = sum(not _tell(clip, reading, as_json=as_json) for clip in found.clips)
    terminal = Terminal(as_json=as_json, quiet=False)
    terminal.close(clips=len(found.clips), failed=failed, passed_over=found.passed_over)
    if failed:
        raise typer.Exit(1)


def _tell(clip: FoundClip, reading: Reading, *, as_json: bool) -> bool:
    """Show one clip or why it cannot be used; whether it can."""
    from usfasc.cli.batch import Outcome
    from usfasc.cli.failure import internal_failure
    from usfasc.cli.show import clip_words, failure_line, json_line, make_console, plain
    from usfasc.errors import UsfascError

    out = make_console()
    try:
        facts = _facts(clip, reading)
    except UsfascError as error:
        outcome = Outcome(clip=clip, error=error)
    except Exception as error:
        outcome = Outcome(clip=clip, error=internal_failure(error))
    else:
        words = clip_words(Outcome(clip=clip))
        if as_json:
            out.print(_json_line(words, facts))
        else:
            out.print(plain(words), style="bold")
            for line in _lines(facts):
                out.print(f"  {plain(line)}")
        return True
    if as_json:
        out.print(json_line(outcome))
    make_console(err=True).print(failure_line(outcome))
    return False


def _facts(clip: FoundClip, reading: Reading) -> ClipFacts:
    from usfasc.clip_facts import clip_facts
    from usfasc.pipeline import read_cine

    cine = read_cine(clip.path, reading)
    return clip_facts(cine)


def _json_line(clip: str, facts: ClipFacts) -> str:
    from usfasc.model import DISCLAIMER

    return json.dumps({"clip": clip} | facts.model_dump(mode="json") | {"disclaimer": DISCLAIMER})


def _lines(facts: ClipFacts) -> Iterator[str]:
    yield f"file      {_file_words(facts)}"
    yield f"time      {_time_words(facts)}"
    for picture in facts.pictures:
        if picture.name:
            yield picture.name
        yield f"frames    {_frame_words(picture, facts)}"
        yield f"scale     {_scale_words(picture, facts.spacing_origin)}"
        yield f"B-mode    {_bmode_words(picture)}"
    for warning in facts.warnings:
        yield f"warning   {warning}"
    for note in facts.fitness.notes:
        yield f"note      {note}"
    yield facts.fitness.sentence


def _file_words(facts: ClipFacts) -> str:
    source = facts.source
    coding = _SYNTAX_WORDS.get(source.decoder, source.decoder.removeprefix("ffmpeg "))
    kind = "DICOM cine loop" if source.kind == "dicom" else "video"
    scanner = " ".join(filter(None, (source.manufacturer, source.manufacturer_model)))
    size = f"{facts.width_px} x {facts.height_px} px, {facts.frames} frames"
    return f"{kind} ({coding}), {size}{f', {scanner}' if scanner else ''}"


def _time_words(facts: ClipFacts) -> str:
    if facts.duration_s is None:
        return facts.times_origin
    return f"{facts.duration_s:.2f} s at {facts.frame_rate_hz:.4g} Hz ({facts.times_origin})"


def _frame_words(picture: PictureFacts, facts: ClipFacts) -> str:
    frames = picture.frame_facts
    rate_hz = frames.real_frame_rate_hz
    real = "" if rate_hz is None else f"{rate_hz:.4g} different pictures a second; "
    gaps = _counted(facts.gaps, "gap")
    longest = "" if facts.longest_gap_s is None else f" (longest {facts.longest_gap_s:.3g} s)"
    keys = "" if facts.key_frames is None else f", {_counted(facts.key_frames, 'key frame')}"
    return f"{real}{frames.repeated} repeated, {frames.damaged} damaged, {gaps}{longest}{keys}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _scale_words(picture: PictureFacts, origin: str) -> str:
    if picture.spacing_mm is None:
        return origin
    dy, dx = picture.spacing_mm
    x0, y0, x1, y1 = picture.box_px
    pixel = f"{dx:.4g} mm a pixel" if dx == dy else f"{dx:.4g} mm wide and {dy:.4g} mm high a pixel"
    field = f"B-mode {(x1 - x0) * dx:.3g} mm wide, {(y1 - y0) * dy:.3g} mm deep"
    return f"{pixel} ({origin}): {field}"


def _bmode_words(picture: PictureFacts) -> str:
    x0, y0, x1, y1 = picture.box_px
    masked = f"{100 * picture.masked_share:.0f} % of it masked"
    sure = "" if picture.sure else ", unsure"
    note = f"; {picture.note}" if picture.note else ""
    return f"x {x0}-{x1}, y {y0}-{y1} ({picture.origin}{sure}), {masked}{note}"

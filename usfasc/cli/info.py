"""``usfasc info``: what a clip is, and whether twitches can be counted in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options, texts

if TYPE_CHECKING:
    from usfasc.clip_facts import ClipFacts
    from usfasc.io.discover import FoundClip
    from usfasc.model import Cine, Reading


def info(
    clips: options.Clips,
    frame_rate: options.FrameRate = None,
    spacing_mm: options.Spacing = None,
    depth_mm: options.Depth = None,
    bmode: options.BmodeBox = None,
    picture: Annotated[
        bool,
        typer.Option("--picture", help="A page of what was found: <clip>.info.png."),
    ] = False,
    out: options.Out = options.RESULTS,
    as_json: options.AsJson = False,
) -> None:
    """Tell what clips are, and whether twitches can be counted in them.

    Size, time base, scale and B-mode area, each with where it comes from;
    muscles, and the lines across the picture that part them; repeated and
    damaged frames and gaps, from a pass over the frames. With --picture the
    same is drawn: the B-mode area in its place, lines, what is masked, the
    times of the frames. Without it nothing is written.

    Examples:

      usfasc info clip.dcm
      usfasc info film.mp4 --depth-mm 40
      usfasc info clip.dcm --picture
      usfasc info study/ --json
    """
    from usfasc.cli.batch import check_outputs
    from usfasc.cli.show import Terminal
    from usfasc.io.discover import find_clips

    reading = texts.parse_clip(frame_rate, spacing_mm, depth_mm, bmode)
    found = find_clips(clips)
    if picture:
        check_outputs(found.clips, out)
    folder = out if picture else None
    failed = sum(not _tell(clip, reading, folder, as_json=as_json) for clip in found.clips)
    terminal = Terminal(as_json=as_json, quiet=False)
    terminal.close(clips=len(found.clips), failed=failed, passed_over=found.passed_over)
    if failed:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is told of one clip."""

    cine: Cine
    facts: ClipFacts
    file: Path | None = None
    note: str | None = None


def _tell(clip: FoundClip, reading: Reading, out: Path | None, *, as_json: bool) -> bool:
    """Show one clip or why it cannot be used; whether it can."""
    from usfasc.cli.batch import Outcome
    from usfasc.cli.show import failure_line, json_line, make_console
    from usfasc.errors import UsfascError, internal_failure

    try:
        told = _look_at(clip, reading, out)
    except UsfascError as error:
        outcome = Outcome(clip=clip, error=error)
    except Exception as error:
        outcome = Outcome(clip=clip, error=internal_failure(error))
    else:
        _show(clip, told, as_json=as_json)
        return True
    if as_json:
        make_console().print(json_line(outcome))
    make_console(err=True).print(failure_line(outcome))
    return False


def _look_at(clip: FoundClip, reading: Reading, out: Path | None) -> _Told:
    """Read a clip, and draw it where a folder is given."""
    from usfasc.clip_facts import clip_facts
    from usfasc.errors import Code, InputError
    from usfasc.pipeline import read_cine
    from usfasc.report.clip_page import write_clip_page

    cine = read_cine(clip.path, reading)
    facts = clip_facts(cine)
    if out is None:
        return _Told(cine=cine, facts=facts)
    path = out / clip.relative_folder / f"{clip.stem}.info.png"
    try:
        write_clip_page(path, cine, facts)
    except InputError as error:
        if error.code is not Code.BMODE_UNSURE:
            raise
        return _Told(cine=cine, facts=facts, note=str(error))
    return _Told(cine=cine, facts=facts, file=path)


def _show(clip: FoundClip, told: _Told, *, as_json: bool) -> None:
    from usfasc.cli.show import make_console, plain
    from usfasc.report.clip_lines import clip_lines

    out = make_console()
    if as_json:
        out.print(_json_line(clip.name, told))
        return
    out.print(plain(clip.name), style="bold")
    for name, line in clip_lines(told.cine, told.facts):
        out.print(f"  {name:<9} {plain(line)}")
    out.print(f"  {told.facts.fitness.sentence}")
    if told.note is not None:
        out.print(f"  Note: {told.note}", style="yellow")
    if told.file is not None:
        out.print(f"  Written: {plain(str(told.file))}", style="dim")


def _json_line(clip: str, told: _Told) -> str:
    from usfasc.model import DISCLAIMER

    files = [] if told.file is None else [str(told.file)]
    notes = [] if told.note is None else [told.note]
    facts = told.facts.model_dump(mode="json")
    rest = {"files": files, "notes": notes, "disclaimer": DISCLAIMER}
    return json.dumps({"clip": clip} | facts | rest)

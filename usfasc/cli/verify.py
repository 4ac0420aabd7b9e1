"""``usfasc verify``: whether results are whole, and come out the same again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options
from usfasc.errors import Code, UsageError

if TYPE_CHECKING:
    from usfasc.verification import Sources


def verify(
    results: options.Results,
    clip: Annotated[
        Path | None,
        typer.Option(
            "--clip", metavar="CLIP", help="The clip of the one result.", show_default=False
        ),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips",
            metavar="FOLDER",
            help="Where the clips are; each is told by its bytes, whatever it is called.",
            show_default=False,
        ),
    ] = None,
    reviews: Annotated[
        Path | None,
        typer.Option(
            "--reviews",
            metavar="FOLDER",
            help="Where the reviews are that reviewed results follow; else beside the results.",
            show_default=False,
        ),
    ] = None,
    recompute: Annotated[
        bool,
        typer.Option(
            "--recompute/--no-recompute",
            help="Derive each result again from its clip; else only look at files.",
            show_default=False,
        ),
    ] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a result and line, for machines.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Check that results are whole, are of their clips, and come out the same again.

    A result ends with a digest of its own bytes, so that one flipped bit anywhere
    is found. Then: does the event table beside it say the same? Does the clip have
    the bytes that were analysed? And does the result come out the same again, with
    the parameters that it keeps and what its user had said of the clip? What
    differs is named field by field. Reviewed results follow their reader's acts.

    same      it came out the same.
    near      the same but for last digits, as another processor rounds.
    whole     as it was written; it was not derived again.
    differs   it is damaged or changed, or comes out otherwise (exit code 1).

    An event called borderline lies so near a threshold that another processor, or
    another version of a library, may decide otherwise. The digest guards against
    damage, not against forgery.

    Examples:

      usfasc verify usfasc-results/clip.usfasc.json --clip clip.dcm
      usfasc verify usfasc-results --clips study
      usfasc verify survey --clips study --json
      usfasc verify reviewed --clips study --reviews usfasc-results
      usfasc verify usfasc-results --no-recompute
    """
    from usfasc.cli.verdicts import Verdicts
    from usfasc.io.discover import find_results
    from usfasc.verification import verify as look

    found = find_results(results)
    sources = _sources(clip, clips, reviews, recompute=recompute)
    if clip is not None and len(found) > 1:
        raise UsageError(Code.BAD_USAGE, "--clip is of one result; give the folder with --clips.")
    shown = Verdicts(as_json=as_json, quiet=quiet)
    for number, each in enumerate(found, start=1):
        with shown.progress(f"{number}/{len(found)} {each.stem}") as progress:
            verification = look(each.path, sources, progress)
        shown.show(each, verification)
    if shown.close():
        raise typer.Exit(1)


def _sources(
    clip: Path | None, clips: Path | None, reviews: Path | None, *, recompute: bool
) -> Sources:
    from usfasc.verification import GivenClip, KnownClips, Sources

    if clip is not None and clips is not None:
        raise UsageError(Code.BAD_USAGE, "Give either --clip or --clips.")
    for folder, option in ((clips, "--clips"), (reviews, "--reviews")):
        if folder is not None and not folder.is_dir():
            raise UsageError(Code.NOT_FOUND, f"There is no such folder as {option} names.")
    where = GivenClip(clip) if clip is not None else KnownClips(clips) if clips else None
    return Sources(clips=where, reviews=reviews, recompute=recompute)

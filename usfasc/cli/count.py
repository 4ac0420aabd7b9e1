"""``usfasc count``: count clips by what a reader decided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options

if TYPE_CHECKING:
    from usfasc.cli.batch import Outcome
    from usfasc.io.discover import FoundClip


def count(
    results: options.Results,
    reviewer: Annotated[
        str,
        typer.Option(
            "--reviewer",
            metavar="NAME",
            help="Whose verdicts; `consensus` for what readers settled.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Write the reviewed results and event tables here.",
            show_default=False,
        ),
    ] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Count clips by what a reader decided, per muscle region.

    Only events that the reader accepted, added, or called fasciculations are
    counted; how many are still undecided is told. Time that the reader called
    not assessable is taken out. In a folder, results that the reader did not
    review are passed over. With --out, the reviewed result and its table are
    written there; the detected ones stay as they are.

    Examples:

      usfasc count usfasc-results/clip.usfasc.json --reviewer anna
      usfasc count usfasc-results --reviewer anna --out reviewed
      usfasc count usfasc-results --reviewer consensus --json
    """
    from usfasc.cli.batch import check_outputs
    from usfasc.cli.show import Terminal, make_console
    from usfasc.errors import Code, UsageError
    from usfasc.io.discover import find_results
    from usfasc.review import check_reviewer, reviewers_of

    check_reviewer(reviewer)
    found = find_results(results)
    mine = [each for each in found if each.path in results or reviewer in reviewers_of(each.path)]
    if not mine:
        raise UsageError(Code.NOT_FOUND, f"{reviewer} reviewed none of these results.")
    if out is not None:
        check_outputs(mine, out)
    terminal = Terminal(as_json=as_json, quiet=quiet)
    failed = 0
    for each in mine:
        outcome = _counted(each, reviewer, out)
        terminal.show(outcome)
        failed += outcome.error is not None
    if not quiet and len(found) > len(mine):
        others = len(found) - len(mine)
        words = "1 result was" if others == 1 else f"{others} results were"
        make_console(err=True).print(f"{words} not reviewed by {reviewer}.")
    terminal.close(clips=len(mine), failed=failed, passed_over=0)
    if failed:
        raise typer.Exit(1)


def _counted(found: FoundClip, reviewer: str, out: Path | None) -> Outcome:
    """Count one clip, and write it where that is wanted."""
    from usfasc.cli.batch import Outcome
    from usfasc.errors import Code, InputError, UsfascError
    from usfasc.io.results import read_result, write_result
    from usfasc.review import counted, note_sentences, read_review, review_path

    try:
        detected = read_result(found.path)
        review = read_review(review_path(found.path, reviewer), reviewer)
        if not review.acts:
            raise InputError(Code.NOT_FOUND, "There is no review by that name beside the result.")
        result = counted(detected, review)
        files: tuple[Path, ...] = ()
        if out is not None:
            files = write_result(result, out / found.relative_folder, found.stem)
    except UsfascError as error:
        return Outcome(clip=found, error=error)
    notes = tuple(note_sentences(result.review, review)) if result.review else ()
    return Outcome(clip=found, result=result, files=files, notes=notes)

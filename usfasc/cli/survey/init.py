"""``usfasc survey init``: a survey's table, made of headers and names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options
from usfasc.errors import Code, UsageError

if TYPE_CHECKING:
    from usfasc.survey.drafting import Draft
    from usfasc.survey.identity import KeyRow


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Where the clips are, at any depth."),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="SURVEY.CSV", help="The table to be made.")
    ] = Path("survey.csv"),
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="Also write who the subjects are, for your eyes only. An older key is"
            " continued: its subjects keep their numbers.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the table, with all that was edited.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a survey's table from the clips of a folder.

    Headers and names of files and folders say whose a clip is, which muscle and
    which side it shows, in several languages. Clips of one patient ID are one
    subject (S001, S002, ...), its studies are sessions 1, 2, ...; videos are
    grouped by folder.

    A cell that ends in ? is a guess. It counts as not given until you take the
    mark off: check it in a spreadsheet, and save as CSV. What is left as it is
    runs, and is reported as "muscle not given".

    The table holds no patient data but in the column clip: the paths of your
    files, which may be names. Only --key writes names and patient IDs, to a file
    that you alone can read. It never stands among results.

    Examples:

      usfasc survey init CLIPS --out survey.csv
      usfasc survey init CLIPS --out survey.csv --key ~/private/key.csv
    """
    from usfasc.cli.show import clip_progress, make_console
    from usfasc.survey.drafting import draft_manifest
    from usfasc.survey.manifest import write_manifest

    known = _known(folder, out, key)
    if out.exists() and not force:
        raise UsageError(
            Code.BAD_USAGE,
            "The table exists, and may have been edited: --force overwrites it, --out names"
            " another one.",
        )
    console = make_console(err=True)
    shown = console.is_terminal and not quiet
    with clip_progress(console, "looking at the files", shown=shown) as progress:
        draft = draft_manifest(folder, out.parent, known, progress)
    if not draft.rows:
        raise UsageError(Code.NOT_FOUND, "The folder holds no clip.")
    if key is not None:
        from usfasc.survey.identity import write_key

        write_key(key, draft.key)
    write_manifest(out, draft.rows)
    if not quiet:
        _show(draft, out, key)


def _known(folder: Path, out: Path, key: Path | None) -> Sequence[KeyRow]:
    """The subjects of an earlier key; refuses places that are not to be written to."""
    from usfasc.survey.identity import check_key_place, read_key

    if not folder.is_dir():
        raise UsageError(Code.NOT_FOUND, "There is no such folder.")
    for path in (out, key):
        if path is not None and path.resolve().is_relative_to(folder.resolve()):
            raise UsageError(Code.BAD_USAGE, "Nothing is written to the folder of the clips.")
    if key is None:
        return ()
    if key.resolve() == out.resolve():
        raise UsageError(Code.BAD_USAGE, "The key is a file of its own, not the table.")
    check_key_place(key)
    return read_key(key) if key.exists() else ()


def _show(draft: Draft, out: Path, key: Path | None) -> None:
    from usfasc.cli.show import make_console, plain

    console = make_console()
    subjects = len({row["subject"] for row in draft.rows})
    console.print(f"Clips: {len(draft.rows)}. Subjects: {subjects}.")
    told = {
        "Rows with a guess, which is marked ? and counts as not given": draft.guessed,
        "Rows without a muscle": draft.without_muscle,
        "Files passed over, since they are no clips": draft.passed_over,
        "Clips left out, since their path cannot stand in a table (rename them)": draft.unnamable,
    }
    for words, number in told.items():
        if number:
            console.print(f"{words}: {number}.")
    written = [plain(str(path)) for path in (out, key) if path is not None]
    console.print(f"Written: {', '.join(written)}", style="dim")
    console.print(f"Next: check it in a spreadsheet, then: usfasc survey check {plain(str(out))}")

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
    from usfasc.survey.listed import Listed


def init(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER", help="Where the clips are, at any depth.", show_default=False
        ),
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
    add: Annotated[
        bool,
        typer.Option(
            "--add",
            help="Add clips that the table does not list yet, below its rows, which stay as"
            " they are.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the table, with all that was edited.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a survey's table from the clips of folders.

    Headers and names of files and folders say whose a clip is, which muscle and
    which side it shows, in several languages. Clips of one patient ID are one
    subject (S001, S002, ...), its studies are sessions 1, 2, ...; videos are
    grouped by folder.

    A cell that ends in ? is a guess. It counts as not given until you take the
    mark off: check it in a spreadsheet, and save as CSV. What is left as it is
    runs, and is reported as "muscle not given".

    Clips of a later visit join with --add. What you typed stays as it is, to the
    letter; clips that the table lists, also under another name, are left out; a
    patient who is in it keeps the subject, and the new study is the next session.

    The table holds no patient data but in the column clip: the paths of your
    files, which may be names. Only --key writes names and patient IDs, to a file
    that you alone can read. It never stands among results.

    Examples:

      usfasc survey init CLIPS --out survey.csv
      usfasc survey init CLIPS --out survey.csv --key ~/private/key.csv
      usfasc survey init NEW_CLIPS --out survey.csv --add
    """
    from usfasc.cli.show import clip_progress, make_console
    from usfasc.survey.drafting import draft_manifest
    from usfasc.survey.listed import Listed, add_rows, read_listed
    from usfasc.survey.manifest import write_manifest

    known = _known(folders, out, key)
    _check_table(out, add=add, force=force)
    listed = read_listed(out) if add else Listed()
    console = make_console(err=True)
    shown = console.is_terminal and not quiet
    with clip_progress(console, "looking at the files", shown=shown) as progress:
        draft = draft_manifest(folders, out.parent, known, listed, progress)
    if not draft.rows and not draft.listed:
        raise UsageError(Code.NOT_FOUND, "There is no clip in what was given.")
    if key is not None:
        from usfasc.survey.identity import write_key

        write_key(key, draft.key)
    if not add:
        write_manifest(out, draft.rows)
    elif draft.rows:
        add_rows(out, draft.rows)
    if not quiet:
        _show(draft, listed, out, key)


def _check_table(out: Path, *, add: bool, force: bool) -> None:
    """Refuse to overwrite what a person may have edited, and what cannot be done together."""
    if add and force:
        raise UsageError(Code.BAD_USAGE, "--add keeps the table, --force overwrites it: give one.")
    if out.exists() and not (add or force):
        raise UsageError(
            Code.BAD_USAGE,
            "The table exists, and may have been edited: --add adds to it, --force overwrites"
            " it, --out names another one.",
        )


def _known(folders: Sequence[Path], out: Path, key: Path | None) -> Sequence[KeyRow]:
    """The subjects of an earlier key; refuses places that are not to be written to."""
    from usfasc.survey.identity import check_key_place, read_key

    if not all(folder.is_dir() for folder in folders):
        raise UsageError(Code.NOT_FOUND, "There is no such folder.")
    for path in (out, key):
        if path and any(path.resolve().is_relative_to(each.resolve()) for each in folders):
            raise UsageError(Code.BAD_USAGE, "Nothing is written to the folder of the clips.")
    if key is None:
        return ()
    if key.resolve() == out.resolve():
        raise UsageError(Code.BAD_USAGE, "The key is a file of its own, not the table.")
    check_key_place(key)
    return read_key(key) if key.exists() else ()


def _show(draft: Draft, listed: Listed, out: Path, key: Path | None) -> None:
    from usfasc.cli.show import make_console, plain

    console = make_console()
    subjects = len({row["subject"] for row in draft.rows})
    clips = "Clips added" if listed.clips else "Clips"
    console.print(f"{clips}: {len(draft.rows)}. Subjects: {subjects}.")
    told = {
        "Clips left out, since the table lists them": draft.listed,
        "Clips that are not where the table says (usfasc survey check names them)": listed.missing,
        "Rows with a guess, which is marked ? and counts as not given": draft.guessed,
        "Rows without a muscle": draft.without_muscle,
        "Files passed over, since they are no clips": draft.passed_over,
        "Clips left out, since their path cannot stand in a table (rename them)": draft.unnamable,
    }
    for words, number in told.items():
        if number:
            console.print(f"{words}: {number}.")
    written = [path for path in (out if draft.rows else None, key) if path is not None]
    if written:
        console.print(f"Written: {plain(', '.join(map(str, written)))}", style="dim")
    console.print(f"Next: check it in a spreadsheet, then: usfasc survey check {plain(str(out))}")

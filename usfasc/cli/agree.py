"""``usfasc agree``: how well readers, and the detector, agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options

if TYPE_CHECKING:
    from usfasc.cli.readings import Compared, Read
    from usfasc.io.discover import FoundClip


def agree(
    results: options.Results,
    readers: Annotated[
        str | None,
        typer.Option(
            "--readers",
            metavar="NAME,NAME",
            help="Whom to compare; all who reviewed where it is not given.",
            show_default=False,
        ),
    ] = None,
    consensus: Annotated[
        bool,
        typer.Option(
            "--consensus",
            help="Begin a consensus: what readers disagree on, for the reviewer `consensus`.",
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Compare every two readers, and each reader with the detector.

    Over the clips that both read: Cohen's kappa, positive and negative agreement on
    windows of 0.2 s; events paired one to one; intraclass correlation and
    Bland-Altman limits of the counts by muscle region; and every disagreement. With
    --consensus, what the readers agree on is written as a review of its own, whose
    session asks for the rest.

    Examples:

      usfasc agree usfasc-results/clip.usfasc.json
      usfasc agree usfasc-results --readers anna,ben
      usfasc agree usfasc-results --consensus
      usfasc agree usfasc-results --json
    """
    from usfasc.cli.readings import compare_readers, names_of, read_all
    from usfasc.cli.show import make_console
    from usfasc.io.discover import find_results
    from usfasc.model import DISCLAIMER

    found = find_results(results)
    names = names_of(found, readers)
    read = read_all(found, names)
    pairs = [*combinations(names, 2), *((name, None) for name in names)]
    compared = [each for pair in pairs if (each := compare_readers(read, *pair)) is not None]
    if as_json:
        for each in compared:
            make_console().print(json.dumps(each.as_json() | {"disclaimer": DISCLAIMER}))
    else:
        _show(compared, read)
    if consensus:
        _begin(found, names, as_json=as_json)


def _show(compared: Sequence[Compared], read: Sequence[Read]) -> None:
    from usfasc.cli.agreement_words import disagreement_lines, figures_table, reader_lines
    from usfasc.cli.show import make_console
    from usfasc.model import DISCLAIMER

    console = make_console()
    for each in compared:
        console.print(figures_table(each))
        for line in disagreement_lines(each):
            console.print(line)
        console.print()
    for line in reader_lines(read):
        console.print(line)
    console.print(DISCLAIMER)


def _begin(found: Sequence[FoundClip], names: Sequence[str], *, as_json: bool) -> None:
    """Begin the consensus of each clip that two of the readers read."""
    from usfasc.cli.show import make_console, plain
    from usfasc.review import begin_consensus, reviewers_of

    console = make_console(err=as_json)
    for clip in found:
        mine = [name for name in names if name in reviewers_of(clip.path)]
        if len(mine) < 2:
            continue
        begun = begin_consensus(clip.path, mine)
        words = "had begun" if begun.begun_before else "begins"
        console.print(
            f"{plain(clip.stem)}: a consensus of {', '.join(begun.readers)} {words},"
            f" {begun.disputed} to settle."
        )
    console.print("To settle them: usfasc review RESULT --reviewer consensus")

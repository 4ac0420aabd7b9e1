"""``usfasc agree``: how well readers, and the detector, agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options

if TYPE_CHECKING:
    from usfasc.cli.readings import Compared, Read, Together
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

    Over the clips that both read to the end: Cohen's kappa, positive and
    negative agreement on windows of 0.2 s; events paired one to one; intraclass
    correlation and Bland-Altman limits of the counts by muscle region; and every
    disagreement. Time that one of them called not assessable is left out.

    With --consensus, what the readers agree on is written as a review of its
    own; `usfasc review RESULT --reviewer consensus` then asks for the rest.

    Examples:

      usfasc agree usfasc-results/clip.usfasc.json
      usfasc agree usfasc-results --readers anna,ben
      usfasc agree usfasc-results --consensus
      usfasc agree usfasc-results --json
    """
    from usfasc.cli.readings import compare_all, compare_readers, names_of, read_all
    from usfasc.cli.show import error_line, make_console
    from usfasc.io.discover import find_results

    found = find_results(results)
    names = names_of(found, readers)
    shared = _shared(found, names) if consensus else {}
    read, failed = read_all(found, names)
    pairs = [*combinations(names, 2), *((name, None) for name in names)]
    compared = [compare_readers(read, *pair) for pair in pairs]
    together = compare_all(read, names)
    if as_json:
        _print_json([*compared, *([together] if together else [])])
    else:
        _show(compared, together, read)
    begun = [_begin(clip, mine, as_json=as_json) for clip, mine in shared.items()]
    for failure in failed:
        make_console(err=True).print(error_line(failure.error, failure.of))
    if failed or not all(begun):
        raise typer.Exit(1)


def _print_json(told: Sequence[Compared | Together]) -> None:
    from usfasc.cli.show import make_console
    from usfasc.model import DISCLAIMER

    for each in told:
        make_console().print(json.dumps(each.as_json() | {"disclaimer": DISCLAIMER}))


def _show(compared: Sequence[Compared], together: Together | None, read: Sequence[Read]) -> None:
    from usfasc.cli.agreement_words import (
        METHOD,
        comparison,
        reader_lines,
        together_line,
    )
    from usfasc.cli.show import make_console
    from usfasc.model import DISCLAIMER

    console = make_console()
    for each in compared:
        for part in comparison(each):
            console.print(part)
        console.print()
    if together is not None:
        console.print(together_line(together))
    for line in (*reader_lines(read), METHOD, DISCLAIMER):
        console.print(line)


def _shared(found: Sequence[FoundClip], names: Sequence[str]) -> dict[FoundClip, list[str]]:
    """Clips that two of the readers read, and who they are: a consensus is of these.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: there is none.
    """
    from usfasc.errors import Code, UsageError
    from usfasc.review import CONSENSUS, reviewers_of

    read_by = {
        clip: [name for name in names if name != CONSENSUS and name in reviewers_of(clip.path)]
        for clip in found
    }
    shared = {clip: mine for clip, mine in read_by.items() if len(mine) > 1}
    if not shared:
        raise UsageError(Code.BAD_USAGE, "A consensus needs a clip that two of the readers read.")
    return shared


def _begin(clip: FoundClip, readers: Sequence[str], *, as_json: bool) -> bool:
    """Begin the consensus of a clip, and say how to settle it; whether it could be begun."""
    from usfasc.cli.show import error_line, make_console, plain
    from usfasc.errors import UsfascError
    from usfasc.review import CONSENSUS, begin_consensus

    try:
        begun = begin_consensus(clip.path, readers)
    except UsfascError as error:
        make_console(err=True).print(error_line(error, clip.name))
        return False
    words = "had begun" if begun.begun_before else "begins"
    told = f"a consensus of {', '.join(begun.readers)} {words}, {begun.disputed} to settle"
    how = f": usfasc review {clip.path} --reviewer {CONSENSUS}" if begun.disputed else "."
    make_console(err=as_json).print(plain(f"{clip.name}: {told}{how}"))
    return True

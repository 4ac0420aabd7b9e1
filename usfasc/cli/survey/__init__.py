"""``usfasc survey``: many muscles of many subjects, from one table."""

from __future__ import annotations

import typer

from usfasc.cli.lazy import LazyGroup


class _Survey(LazyGroup):
    """Commands of a survey, in the order in which they are used."""

    package = "usfasc.cli.survey"
    names = ("example", "init", "check", "run", "report", "tables")
    bare = names[1:]


survey = typer.Typer(
    name="survey",
    cls=_Survey,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@survey.callback()
def _survey() -> None:
    """Survey many muscles of many subjects.

    One table says which clip shows which muscle of whom:

      usfasc survey init CLIPS --out survey.csv      make it from headers
      usfasc survey check survey.csv                 see what is wrong with it
      usfasc survey run survey.csv --out survey      count in every clip
      usfasc survey report survey                    one page to look at
      usfasc survey tables survey                    tables for statistics

    Clips to try it on: usfasc survey example.
    """

"""The commands, thin.

Each command is a module of this folder, imported when it is called. What goes wrong
is told on stderr as ``CODE: sentence``; the exit code is 0 when all went well, 1 when
some clip failed, 2 for wrong usage and 130 after Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated

import typer

from usfasc.cli.lazy import LazyGroup
from usfasc.errors import Code, UsageError, UsfascError, internal_failure

__all__ = ["app", "main", "run"]

_COMMANDS = (
    "detect",
    "info",
    "review",
    "count",
    "agree",
    "survey",
    "verify",
    "phantom",
    "benchmark",
)


class _Commands(LazyGroup):
    """Commands that are imported when they are asked for."""

    package = "usfasc.cli"
    names = _COMMANDS
    bare = ("detect", "info", "review", "count", "agree", "verify")


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from usfasc.model import DISCLAIMER

        typer.echo(f"usfasc {version('usfasc')}\n{DISCLAIMER}")
        raise typer.Exit


@app.callback()
def usfasc(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Find fasciculations in muscle ultrasound and count them per muscle region.

    Research use only. Not a medical device.
    Not for diagnosis or treatment decisions.

    First steps:

      usfasc info clip.dcm              what is in it, is it fit for counting?
      usfasc detect clip.dcm --picture  count, and draw what was found
    """


def main() -> None:
    """Entry point of the command ``usfasc``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A muscle's name must not stop a terminal that cannot show it.
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Parameters
    ----------
    arguments
        Words after ``usfasc``.

    Returns
    -------
    int
        The exit code.
    """
    try:
        code = app(args=list(arguments), prog_name="usfasc", standalone_mode=False)
        # Here, where a reader that left can still be told from a fault.
        sys.stdout.flush()
        return _ended(code if isinstance(code, int) else 0)
    except typer.TyperException as error:
        return _misused(error)
    except UsfascError as error:
        typer.echo(str(error), err=True)
        return 2 if isinstance(error, UsageError) else 1
    except BrokenPipeError:
        # The reader of our output left; what Python still holds for it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        typer.echo(str(internal_failure(error)), err=True)
        return 1


def _ended(code: int) -> int:
    if code == 130:
        typer.echo("Stopped. What was finished is kept, nothing is half-written.", err=True)
    return code


def _misused(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "usfasc"
    # A command that was given nothing has shown its help, and brings no words of its own.
    message = error.format_message().replace("Value error, ", "").strip().rstrip(".")
    message = message or "Nothing was given to work on"
    typer.echo(f"{Code.BAD_USAGE}: {message} (see {command} --help).", err=True)
    return 2

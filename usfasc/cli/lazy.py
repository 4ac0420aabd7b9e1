"""Groups of commands that are imported when they are asked for.

A command is a module of the group's package with a function of its own name; a group
within the group is a package with a `typer.Typer` of its own name.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


class LazyGroup(TyperGroup):
    """A group whose commands are modules of one package."""

    package: str
    names: tuple[str, ...]
    bare: tuple[str, ...] = ()
    """Commands that show their help where they are given nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of a first visit."""
        return list(self.names)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import one command."""
        if cmd_name not in self.names:
            return None
        found = getattr(import_module(f"{self.package}.{cmd_name}"), cmd_name)
        if isinstance(found, typer.Typer):
            return typer.main.get_command(found)
        single = typer.Typer(add_completion=False, rich_markup_mode="rich")
        single.command(cmd_name, no_args_is_help=cmd_name in self.bare)(found)
        return typer.main.get_command(single)

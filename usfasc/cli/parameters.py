"""``--set NAME=VALUE`` and the listing of what can be set, both from `usfasc.params`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from rich.table import Table

from usfasc.errors import Code, UsageError
from usfasc.params import Parameters


def parse_parameters(settings: Sequence[str]) -> Parameters:
    """Parameters with some of them set, each as ``NAME=VALUE``.

    Raises
    ------
    UsageError
        ``BAD_PARAMETER``: no such name, set twice, or out of range.
    """
    chosen: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals or name not in Parameters.model_fields:
            raise UsageError(
                Code.BAD_PARAMETER,
                "--set takes NAME=VALUE with a name that `usfasc detect --parameters` lists.",
            )
        if name in chosen:
            raise UsageError(Code.BAD_PARAMETER, f"{name} is set twice.")
        chosen[name] = value.strip()
    try:
        return Parameters(**chosen)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise UsageError(Code.BAD_PARAMETER, f"{name} takes {_allowed(_fields()[name])}.") from None


def parameter_table() -> Table:
    """Every parameter: default, unit, range, one sentence."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Parameter", "Default", "Unit", "Range", "What it is"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "What it is")
    for name, field in _fields().items():
        table.add_row(
            name, str(field["default"]), field.get("unit", ""), _range(field), field["description"]
        )
    return table


def _fields() -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = Parameters.model_json_schema()["properties"]
    return properties


def _range(field: dict[str, Any]) -> str:
    if "minimum" not in field:
        return ""
    return f"{field['minimum']:g} to {field['maximum']:g}"


def _allowed(field: dict[str, Any]) -> str:
    kinds = {"boolean": "true or false", "integer": "a whole number", "number": "a number"}
    limits = f" from {_range(field)}" if _range(field) else ""
    return f"{kinds.get(field['type'], 'a text')}{limits} {field.get('unit', '')}".rstrip()

"""Small networks of layers, as data: how likely each place lies on the edge of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from usfasc.tissue.sampling import Image

Weights = NDArray[np.float32]

_MOST: Final = 4.0
"""Standard deviations beyond which a measure says no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """Layers of weighted sums, cut off below zero between them (a multilayer perceptron).

    Measures are told from their ``middle`` in units of their ``spread``; what is not known
    lies in the middle. ``layers`` holds weights ``(in, out)`` and offsets ``(out,)``.
    """

    names: tuple[str, ...]
    middle: Weights
    spread: Weights
    layers: tuple[tuple[Weights, Weights], ...]

    def log_odds(self, measures: Image) -> Image:
        """Log-odds ``(...)`` of measures ``(name, ...)``."""
        rows = self.standard(measures.reshape(len(measures), -1).T)
        for weights, offsets in self.layers[:-1]:
            rows = np.maximum(rows @ weights + offsets, 0)
        weights, offsets = self.layers[-1]
        return np.asarray((rows @ weights + offsets).reshape(measures.shape[1:]), np.float32)

    def standard(self, rows: Image) -> Image:
        """Measures ``(m, name)`` as the first layer takes them."""
        rows = (rows - self.middle) / self.spread
        np.clip(rows, -_MOST, _MOST, out=rows)
        np.copyto(rows, 0, where=np.isnan(rows))
        return np.asarray(rows, np.float32)

    def as_json(self) -> dict[str, Any]:
        """The network as a table that JSON holds; `net_from` reads it."""
        layers = [[_digits(each) for each in layer] for layer in self.layers]
        ranges = {"middle": _digits(self.middle), "spread": _digits(self.spread)}
        return {"names": list(self.names), **ranges, "layers": layers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Networks for one question that learned in different pictures; what they say is their mean.

    Member ``k`` learned in no picture of fold ``k``.
    """

    members: tuple[Net, ...]

    def log_odds(self, measures: Image) -> Image:
        """Log-odds ``(...)`` of measures ``(name, ...)``."""
        said = [member.log_odds(measures) for member in self.members]
        return np.asarray(np.mean(said, axis=0), np.float32)

    def held_out(self, fold: int) -> Panel:
        """The member that knows no picture of a fold."""
        return Panel(members=(self.members[fold],))

    def as_json(self) -> list[dict[str, Any]]:
        """The networks as tables that JSON holds; `panel_from` reads them."""
        return [member.as_json() for member in self.members]


def panel_from(data: list[dict[str, Any]]) -> Panel:
    """The networks of tables as JSON holds them."""
    return Panel(members=tuple(map(net_from, data)))


def net_from(data: dict[str, Any]) -> Net:
    """The network of a table as JSON holds it."""
    return Net(
        names=tuple(data["names"]),
        middle=np.array(data["middle"], np.float32),
        spread=np.array(data["spread"], np.float32),
        layers=tuple(
            (np.array(weights, np.float32), np.array(offsets, np.float32))
            for weights, offsets in data["layers"]
        ),
    )


def _digits(values: Weights) -> Any:
    """Values in five digits: more say nothing."""
    return [float(f"{each:.5g}") if np.ndim(each) == 0 else _digits(each) for each in values]

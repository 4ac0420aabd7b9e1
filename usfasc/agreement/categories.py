"""Agreement of two readers on yes or no: kappa, positive and negative agreement."""

from __future__ import annotations

from typing import Final

from usfasc.agreement.estimate import Estimate, specific_agreement
from usfasc.model import Value

_Z: Final = 1.959964


class Table(Value):
    """What two readers said of the same things."""

    both: int
    first_only: int
    second_only: int
    neither: int

    def __add__(self, other: Table) -> Table:
        """The tables of two clips together."""
        return Table(**{name: getattr(self, name) + getattr(other, name) for name in _CELLS})

    @property
    def total(self) -> int:
        """How many things there were."""
        return self.both + self.first_only + self.second_only + self.neither


_CELLS: Final = tuple(Table.model_fields)


def kappa(table: Table) -> Estimate:
    """Cohen's kappa (1960) with its large-sample interval (Fleiss, Cohen and Everitt 1969).

    The interval takes the things for independent; windows of one clip are not quite, so that
    it is somewhat too narrow for them. Without a value where both readers say one and the
    same of everything: chance alone then agrees fully.
    """
    n = table.total
    cells = (
        [
            [table.both / n, table.first_only / n],
            [table.second_only / n, table.neither / n],
        ]
        if n
        else [[0.0, 0.0], [0.0, 0.0]]
    )
    rows = [sum(row) for row in cells]
    columns = [cells[0][i] + cells[1][i] for i in (0, 1)]
    agreed = cells[0][0] + cells[1][1]
    chance = rows[0] * columns[0] + rows[1] * columns[1]
    if not n or chance >= 1:
        return Estimate()
    value = (agreed - chance) / (1 - chance)
    on = sum(cells[i][i] * (1 - (rows[i] + columns[i]) * (1 - value)) ** 2 for i in (0, 1))
    off = sum(cells[i][1 - i] * (columns[i] + rows[1 - i]) ** 2 for i in (0, 1))
    spread = on + (1 - value) ** 2 * off - (value - chance * (1 - value)) ** 2
    error = (max(spread, 0.0) / n) ** 0.5 / (1 - chance)
    return Estimate(
        value=value, low=max(-1.0, value - _Z * error), high=min(1.0, value + _Z * error)
    )


def positive_agreement(table: Table) -> Estimate:
    """Agreement on yes (Cicchetti and Feinstein 1990)."""
    return specific_agreement(table.both, table.first_only + table.second_only)


def negative_agreement(table: Table) -> Estimate:
    """Agreement on no (Cicchetti and Feinstein 1990)."""
    return specific_agreement(table.neither, table.first_only + table.second_only)

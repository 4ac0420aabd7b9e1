"""Which acts stand: undo and redo, replayed from the first act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from usfasc.review.acts import Act, Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The acts that stand, and what the next undo and redo would be of."""

    standing: tuple[Act, ...]
    undo_of: int | None
    redo_of: int | None


def replay(acts: Sequence[Act]) -> History:
    """Tell which acts stand.

    An undo names its act; only the newest that stands can be undone, and only the last
    that was undone done again, until something else is done. What a consensus begins with
    cannot be undone.

    Parameters
    ----------
    acts
        All acts of a review in the order of its lines.
    """
    done: list[int] = []
    undone: list[int] = []
    lost: set[int] = set()
    for act in acts:
        if act.decision is Decision.UNDO:
            _shift(act.of, done, undone)
        elif act.decision is Decision.REDO:
            _shift(act.of, undone, done)
        elif _says(act) and not act.readers:
            done.append(act.act)
            lost.update(undone)
            undone.clear()
    gone = lost.union(undone)
    return History(
        standing=tuple(act for act in acts if _says(act) and act.act not in gone),
        undo_of=done[-1] if done else None,
        redo_of=undone[-1] if undone else None,
    )


def _says(act: Act) -> bool:
    return act.decision not in (Decision.UNDO, Decision.REDO, Decision.LOOKED)


def _shift(number: int | None, source: list[int], target: list[int]) -> None:
    # Another one than the last: two windows undid at once, and the first had its way.
    if source and source[-1] == number:
        target.append(source.pop())

"""The keys of a review: one table, from which shortcuts, tooltips and every list of them come.

All lie under the left hand, so that the right one may stay on the mouse. Kinds have letters
of their own, in the menu that the key for kinds opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from usfasc.model import Kind


class Command(StrEnum):
    """What a key does."""

    NEXT = "next"
    PREVIOUS = "previous"
    NEXT_UNDECIDED = "next undecided"
    ACCEPT = "accept"
    REJECT = "reject"
    UNSURE = "unsure"
    CHANGE_KIND = "change kind"
    ADD = "add here"
    DELETE = "delete own"
    ONSET = "onset here"
    PEAK = "peak here"
    OFFSET = "offset here"
    UNDO = "undo"
    REDO = "redo"
    LOOP = "loop"
    SPEED = "loop speed"
    PLAY = "play clip"
    BACK = "frame back"
    FORWARD = "frame on"
    ARROWS = "arrows"
    HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One command, its keys as Qt writes them, and what to say of it."""

    command: Command
    keys: tuple[str, ...]
    name: str
    help: str
    group: str

    @property
    def shown_keys(self) -> str:
        """The keys as a person reads them: ``Z or Ctrl+Z``."""
        return " or ".join(self.keys)

    @property
    def tooltip(self) -> str:
        """For the button that does the same."""
        return f"{self.help} ({self.shown_keys})"


def _bind(group: str, command: Command, keys: str, name: str, text: str) -> Binding:
    return Binding(command=command, keys=tuple(keys.split()), name=name, help=text, group=group)


BINDINGS: Final = (
    _bind("Judge", Command.ACCEPT, "F", "Accept", "A fasciculation: it is counted."),
    _bind("Judge", Command.REJECT, "D", "Reject", "None: it is not counted."),
    _bind("Judge", Command.UNSURE, "S", "Unsure", "Left open: it is not counted."),
    _bind("Judge", Command.CHANGE_KIND, "R", "Kind", "Say what else it is: a menu by letter."),
    _bind("Go", Command.NEXT, "W", "Next", "To the next event of the list."),
    _bind("Go", Command.PREVIOUS, "Q", "Previous", "To the event before it."),
    _bind("Go", Command.NEXT_UNDECIDED, "E", "Next undecided", "To the next without a verdict."),
    _bind("Correct", Command.ADD, "A", "Add", "An event at this frame, under the mouse pointer."),
    _bind("Correct", Command.DELETE, "X", "Delete", "Delete the event, if you added it."),
    _bind("Correct", Command.ONSET, "1", "Onset here", "The event begins at this frame."),
    _bind("Correct", Command.PEAK, "2", "Peak here", "The event is largest at this frame."),
    _bind("Correct", Command.OFFSET, "3", "Offset here", "The event ends at this frame."),
    _bind("Correct", Command.UNDO, "Z Ctrl+Z", "Undo", "Take back the last act."),
    _bind("Correct", Command.REDO, "Shift+Z Ctrl+Shift+Z", "Redo", "Do it again."),
    _bind("Play", Command.LOOP, "C", "Loop", "Play the event again and again, or stop."),
    _bind("Play", Command.SPEED, "V", "Speed", "Full, half or quarter speed."),
    _bind("Play", Command.PLAY, "Space", "Play clip", "Play the whole clip from here, or stop."),
    _bind("Play", Command.BACK, "G", "Frame back", "One frame back."),
    _bind("Play", Command.FORWARD, "T", "Frame on", "One frame on."),
    _bind("Play", Command.ARROWS, "B", "Arrows", "Show or hide the arrows of movement."),
    _bind("Play", Command.HELP, "F1", "Help", "Show or hide this list."),
)

KIND_LETTERS: Final = {
    Kind.FASCICULATION: "f",
    Kind.TRAIN: "t",
    Kind.PULSATION: "p",
    Kind.CONTRACTION: "c",
    Kind.TREMOR: "r",
    Kind.BREATHING: "b",
    Kind.SWALLOWING: "s",
    Kind.PROBE_MOTION: "m",
    Kind.ARTEFACT: "a",
    Kind.UNSURE: "u",
}

SPEEDS: Final = (1.0, 0.5, 0.25)

COUNTING_UNIT: Final = (
    "One visible twitch is one count. Two jerks of one site that you see as two (a new "
    "contraction, at least 140 ms after the first) are two; a relaxation never is. Faster or "
    "grouped discharges that recur are one train: named, not added to the count."
)


def binding(command: Command) -> Binding:
    """What is known of a command."""
    return next(each for each in BINDINGS if each.command is command)


def groups() -> Iterator[tuple[str, tuple[Binding, ...]]]:
    """The bindings, group by group."""
    for group, members in groupby(BINDINGS, key=lambda each: each.group):
        yield group, tuple(members)


def key_table() -> str:
    """All keys as a table in Markdown, as README shows it."""
    rows = [
        f"| {group} | " + " · ".join(f"**{b.shown_keys}** {b.name.lower()}" for b in members) + " |"
        for group, members in groups()
    ]
    return "\n".join(["| | keys |", "|---|---|", *rows])

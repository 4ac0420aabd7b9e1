"""What a clip is said to show as a whole: by its user, else by its header where that is sure.

The header is sure where a code names a muscle, or a text that can mean nothing else, and
nothing in it says otherwise. What it may mean besides is told, and never used: a wrong name
is worse than none. The user has the last word, and is told where the header differs.
Nothing but names of the vocabulary leaves this module, and the name of the clip's file does
not matter: a result is of the clip's bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from usfasc.io.header_words import HeaderWords, read_header_words
from usfasc.model import Cine, HeaderNames, Reading, SaidBy, Shown, Side
from usfasc.regions.vocabulary import are_akin, coded_muscle, find_muscle
from usfasc.regions.words import named_in

_SIDES: Final = {"L": Side.LEFT, "R": Side.RIGHT}
_YOURS: Final = "what you said holds, and nothing is taken from the header"

Name = TypeVar("Name", str, Side)


def with_header(cine: Cine, path: Path) -> Cine:
    """A clip with what its header says that it shows; a video has none.

    Parameters
    ----------
    cine
        The clip.
    path
        Its file.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    return replace(cine, header=names_of(read_header_words(path)))


def names_of(words: HeaderWords) -> HeaderNames:
    """Muscles and sides that a header names, and which of them leave no doubt."""
    texts = [named_in(text) for text in words.texts]
    study = named_in(words.study_text)
    coded, tagged = coded_muscles(words), tagged_sides(words)
    muscle, muscle_origin = _sure(coded, [(named.muscles, named.plain) for named in texts])
    side, side_origin = _sure(tagged, [(named.sides, named.plain) for named in texts])
    muscles = dict.fromkeys([*coded, *(name for named in texts for name in named.muscles)])
    sides = dict.fromkeys([*tagged, *(name for named in texts for name in named.sides)])
    if not sides and muscle and _is_single(muscle):
        side, side_origin = Side.MIDLINE, muscle_origin
    return HeaderNames(
        shown=Shown(muscle=muscle, muscle_origin=muscle_origin, side=side, side_origin=side_origin),
        muscles=tuple(muscles) or study.muscles,
        sides=tuple(sides) or study.sides,
    )


def coded_muscles(words: HeaderWords) -> tuple[str, ...]:
    """Muscles of the vocabulary that the codes of a header stand for, each once."""
    found = (coded_muscle(code) for code in words.codes)
    return tuple(dict.fromkeys(muscle.name for muscle in found if muscle))


def tagged_sides(words: HeaderWords) -> tuple[Side, ...]:
    """Sides that the tags and codes of a header name."""
    return tuple(_SIDES[letter] for letter in words.laterality)


def _sure(
    coded: Sequence[Name], texts: Iterable[tuple[Sequence[Name], bool]]
) -> tuple[Name | None, SaidBy | None]:
    """The one name that leaves no doubt, and how it is said; none where any source differs."""
    sources: list[tuple[Sequence[Name], SaidBy | None]] = [(coded, "code")]
    sources += [(names, "text" if plain else None) for names, plain in texts]
    every = [name for names, _ in sources for name in names]
    for names, how in sources:
        if how and names:
            agreed = all(are_akin(names[0], other) for other in every)
            return (names[0], how) if agreed else (None, None)
    return None, None


def _is_single(muscle: str) -> bool:
    """Whether there is but one of a muscle."""
    known = find_muscle(muscle)
    return known is not None and not known.paired


def shown_in(cine: Cine, reading: Reading) -> tuple[Shown, tuple[str, ...]]:
    """What a clip is taken to show as a whole, and what its user should know of its header.

    A header that its user contradicts is believed in nothing. Of several pictures it does not
    say which one it is of. Regions and lines that were drawn say themselves what they are of.

    Parameters
    ----------
    cine
        The clip, with its pictures.
    reading
        What the user said.
    """
    named = [reading.muscle, *reading.layers, *(region.muscle for region in reading.regions)]
    sided = [reading.side, *(region.side for region in reading.regions)]
    muscles, sides = [name for name in named if name], [side for side in sided if side]
    drawn = bool(reading.regions or reading.lines)
    own = Shown() if drawn else _of_user(reading)
    header = cine.header.shown
    contradicted = tuple(_contradictions(header, muscles, sides))
    if contradicted or drawn or not reading.header:
        return own, contradicted
    wants_side = not sides and not any(map(_is_single, muscles))
    more = Shown(
        **({} if muscles else header.model_dump(include={"muscle", "muscle_origin"})),
        **(header.model_dump(include={"side", "side_origin"}) if wants_side else {}),
    )
    if len(cine.pictures) > 1:
        words = ", ".join(word for word in (more.muscle, more.side) if word)
        where = f"in which of the {len(cine.pictures)} pictures"
        hint = f"The header says {words}, but not {where}; give --muscle and --side."
        return own, (hint,) if words else ()
    guesses = _guesses(cine.header, muscle=not muscles, side=wants_side)
    return more.model_copy(update=own.model_dump(exclude_none=True)), tuple(guesses)


def _of_user(reading: Reading) -> Shown:
    return Shown(
        muscle=reading.muscle,
        muscle_origin="user" if reading.muscle else None,
        side=reading.side,
        side_origin="user" if reading.side else None,
    )


def _contradictions(header: Shown, muscles: Sequence[str], sides: Sequence[Side]) -> Iterator[str]:
    """A sentence for the muscle and for the side that the header says otherwise."""
    says, named = header.muscle, muscles
    if says and named and not any(are_akin(says, name) for name in named):
        yield f"The header says {says}, you said {', '.join(named)}: {_YOURS}."
    if header.side and sides and header.side not in sides:
        yield f"The header says {header.side}, you said {sides[0]}: {_YOURS}."


def _guesses(header: HeaderNames, *, muscle: bool, side: bool) -> Iterator[str]:
    """A sentence for what a header may mean and nobody is sure of; of what is asked for."""
    if muscle and header.muscles and not header.shown.muscle:
        yield f"The header may name {' or '.join(header.muscles)}; give --muscle if it does."
    if side and header.sides and not header.shown.side:
        yield f"The header may say {' or '.join(header.sides)}; give --side if it does."

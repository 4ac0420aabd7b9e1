"""Which muscle and side a clip shows, from its header and its name; what is not sure is marked.

In this order: codes of the anatomy, what the scanner and the sonographer called the clip,
the file's name, its folders from the nearest on, what the whole study is called. The first
that names a muscle has the word; it is a guess where the others disagree, or where the
words might mean something else. Nothing but names of the vocabulary leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from usfasc.io.header_words import HeaderWords
from usfasc.model import Side
from usfasc.regions.said import coded_muscles, tagged_sides
from usfasc.regions.vocabulary import find_muscle
from usfasc.regions.words import Named, named_in
from usfasc.survey.manifest import GUESS

_LONG_WORD = 4


def guess_muscle(words: HeaderWords, stem: str, folders: Sequence[str]) -> tuple[str, str]:
    """Cells ``muscle`` and ``side`` of one clip, marked where they are guesses.

    Parameters
    ----------
    words
        Of the clip's header.
    stem
        Its file's name less the suffix.
    folders
        Names of the folders that it lies in, the nearest first.

    Returns
    -------
    tuple of str
        Muscle and side, each empty where nothing names it.
    """
    near = [named_in(text) for text in (*words.texts, stem)]
    far = [*map(_in_folder, folders), _doubted(named_in(words.study_text))]
    muscle = _cell(
        coded_muscles(words), [(each.muscles, each.muscle_certain) for each in near + far]
    )
    side = _cell(tagged_sides(words), [(each.sides, each.side_certain) for each in near + far])
    return muscle, side or _side_of(muscle)


def _in_folder(text: str) -> Named:
    """What a folder is called; a short word alone may as well be somebody's name."""
    named = named_in(text)
    return named if len(text) >= _LONG_WORD or all(named[:2]) else _doubted(named)


def _doubted(named: Named) -> Named:
    return named._replace(muscle_certain=False, side_certain=False)


def _cell(said: Sequence[str], named: Sequence[tuple[Sequence[str], bool]]) -> str:
    """The first name, marked where it is not certain or another source differs."""
    sources = list(_sources(said, named))
    if not sources:
        return ""
    names, certain = sources[0]
    agreed = all(set(others) == set(names) for others, sure in sources[1:] if sure)
    return f"{names[0]}{'' if certain and agreed else GUESS}"


def _sources(
    said: Sequence[str], named: Sequence[tuple[Sequence[str], bool]]
) -> Iterator[tuple[Sequence[str], bool]]:
    """Sources that name something, each with whether it is certain."""
    if said:
        yield said, len(said) == 1
    yield from ((names, certain) for names, certain in named if names)


def _side_of(cell: str) -> str:
    """The side of a muscle that there is but one of."""
    muscle = find_muscle(cell.removesuffix(GUESS))
    if muscle is None or muscle.paired:
        return ""
    return f"{Side.MIDLINE}{GUESS if cell.endswith(GUESS) else ''}"

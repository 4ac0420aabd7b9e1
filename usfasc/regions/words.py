"""Muscle and side in a text that a person or a scanner wrote: "bicL", "TA re", "FDI links".

A word is certain where it is long, or where nothing in the text is left over that it
might belong to: "TA" in ``ta_re_2`` is a muscle, in a sentence it may be anything. A text is
plain where nothing else can be meant: in "biceps, after SA", the biceps is certain, and yet
the text may be of another muscle.
Words of sides and words that say nothing are data (``words.json``); muscles are those of
`usfasc.regions.vocabulary`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, NamedTuple

from usfasc.model import Side
from usfasc.regions.vocabulary import find_muscle, folded, muscles

_CHUNKS: Final = re.compile(r"[^\W_]+")
_CERTAIN_LETTERS: Final = 4
_LONGEST_PHRASE: Final = 5
_PASSING: Final = "passing"


class Named(NamedTuple):
    """What a text names, and whether that is certain."""

    muscles: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    muscle_certain: bool = False
    side_certain: bool = False
    plain: bool = False
    """Whether nothing but its one muscle and its one side can be meant: every word of the text
    is known, and none is an abbreviation but of a muscle and its side that stand together."""


class _Token(NamedTuple):
    """One word of a text."""

    text: str
    sure: bool
    """Whether the text itself shows where the word begins and ends."""
    loud: bool
    """Whether it stands out as an abbreviation: in capitals, or by a change of case."""


_Phrase = tuple[tuple[_Token, ...], str | Side | None]
"""Words that mean something together, and what."""


@lru_cache(maxsize=4096)
def named_in(text: str) -> Named:
    """What a text names.

    Parameters
    ----------
    text
        A description, or the name of a file or folder; of any language that the word
        lists know.

    Returns
    -------
    Named
        Muscles by the vocabulary's names, and sides, each once, in the order of the text.
    """
    tokens = [token for chunk in _CHUNKS.findall(text) for token in _tokens(chunk)]
    phrases = list(_phrases(tokens))
    clean = all(meaning is not None for _, meaning in phrases)
    found: dict[str, bool] = {}
    sides: dict[Side, bool] = {}
    for place, (words, meaning) in enumerate(phrases):
        long = _letters(words) >= _CERTAIN_LETTERS and not _is_abbreviation(words)
        certain = all(word.sure for word in words) and (clean or long or _is_paired(phrases, place))
        if isinstance(meaning, Side):
            sides[meaning] = sides.get(meaning, False) or certain
        elif meaning not in (None, _PASSING):
            found[str(meaning)] = found.get(str(meaning), False) or certain
    named = Named(
        muscles=tuple(found),
        sides=tuple(sides),
        muscle_certain=len(found) == 1 and all(found.values()),
        side_certain=len(sides) == 1 and all(sides.values()),
    )
    return named._replace(plain=clean and _is_plain(named, phrases))


def side_word(text: str) -> Side | None:
    """The side that one word of any language of the word lists means, as "L", "li" or "gauche"."""
    meaning = _words().get(folded(text))
    return meaning if isinstance(meaning, Side) else None


def _is_plain(named: Named, phrases: list[_Phrase]) -> bool:
    """Whether words that are all known leave no doubt which muscle, or which side, is meant."""
    if named.muscle_certain and named.side_certain:
        return True
    meant = [words for words, meaning in phrases if meaning not in (None, _PASSING)]
    one = named.muscle_certain or named.side_certain
    return one and not (named.muscles and named.sides) and not any(map(_is_abbreviation, meant))


def _is_abbreviation(words: tuple[_Token, ...]) -> bool:
    """Whether words are too short to mean but one thing."""
    text = " ".join(word.text for word in words)
    muscle = find_muscle(text)
    if muscle is None:
        return _letters(words) < _CERTAIN_LETTERS
    return text in {folded(each) for each in muscle.abbreviations}


def _letters(words: tuple[_Token, ...]) -> int:
    text = "".join(word.text for word in words)
    # One letter of Chinese or Japanese says as much as some of the alphabet.
    return sum(1 if letter.isascii() else 2 for letter in text)


def _is_paired(phrases: list[_Phrase], place: int) -> bool:
    """Whether a muscle's abbreviation and its side stand together, as in ``TA_R``."""
    (words, meaning), around = phrases[place], phrases[max(0, place - 1) : place + 2]
    neighbours = [each for each in around if each[0] is not words]
    wanted = str if isinstance(meaning, Side) else Side
    return all(word.loud for word in words) and any(
        type(other) is wanted and other != _PASSING and all(word.loud for word in others)
        for others, other in neighbours
    )


def _phrases(tokens: list[_Token]) -> Iterator[_Phrase]:
    """The text cut into its longest known phrases, each with its meaning."""
    start = 0
    while start < len(tokens):
        for stop in range(min(len(tokens), start + _LONGEST_PHRASE), start, -1):
            words = tuple(tokens[start:stop])
            meaning = _meaning(" ".join(word.text for word in words))
            if meaning is not None or stop == start + 1:
                yield words, meaning
                start = stop
                break


def _meaning(phrase: str) -> str | Side | None:
    """A muscle's name, a side, `_PASSING` for what says nothing, None for what is not known."""
    if (word := _words().get(phrase)) is not None:
        return word
    muscle = find_muscle(phrase)
    return muscle.name if muscle else _PASSING if phrase.isdigit() else None


@cache
def _words() -> dict[str, str | Side]:
    """Meanings of sides and of words that say nothing, by the folded word."""
    text = files("usfasc.regions").joinpath("words.json").read_text(encoding="utf-8")
    lists = json.loads(text)
    sides = {side.value: side for side in Side}
    return {folded(word): sides.get(key, key) for key in lists for word in lists[key]}


@cache
def _pieces() -> frozenset[str]:
    """Words that may stand in one chunk with others."""
    single = {folded(word) for muscle in muscles() for word in muscle.words if " " not in word}
    return frozenset(single | _words().keys())


@cache
def _whole() -> frozenset[str]:
    """Words that are never cut: those above, and parts of names of several words."""
    parts = {part for muscle in muscles() for word in muscle.words for part in word.split()}
    return _pieces() | {folded(part) for part in parts}


def _tokens(chunk: str) -> list[_Token]:
    """A chunk as one word, or as the known words that it is written together of."""
    whole = folded(chunk)
    uncut = [_Token(whole, True, chunk.isupper())]
    if len(whole) != len(chunk) or whole in _whole() or whole.isdigit():
        return uncut
    cuts = _cuts(whole)
    if cuts is None:
        return uncut
    parts = [whole[start:stop] for start, stop in pairwise(cuts)]
    sure = all(_shows_cut(chunk, cut) for cut in cuts[1:-1])
    sure = sure or all(len(part) >= _CERTAIN_LETTERS or part.isdigit() for part in parts)
    return [_Token(part, sure, sure) for part in parts] if sure or _plausible(parts) else uncut


def _plausible(parts: list[str]) -> bool:
    """Whether parts that nothing shows to be parts are one muscle and one side."""
    meanings = [_meaning(part) for part in parts if not part.isdigit()]
    return len(meanings) == 2 and sum(isinstance(each, Side) for each in meanings) == 1


def _cuts(word: str) -> tuple[int, ...] | None:
    """Where to cut a word so that every part is known, in the fewest parts."""
    best: list[tuple[int, ...] | None] = [(0,)]
    for stop in range(1, len(word) + 1):
        ways = [
            (*way, stop)
            for start in range(stop)
            if (way := best[start]) is not None and _is_piece(word[start:stop])
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1]


def _is_piece(part: str) -> bool:
    return part in _pieces() or part.isdigit()


def _shows_cut(chunk: str, cut: int) -> bool:
    """Whether letters change case, kind or script where a chunk is cut."""
    before, after = chunk[cut - 1], chunk[cut]
    if not (before.isascii() and after.isascii()):
        return True
    return before.isdigit() != after.isdigit() or before.isupper() != after.isupper()

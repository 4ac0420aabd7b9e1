"""The table of keys: whole, without doubles, and under the left hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from usfasc_napari.keys import (
    BINDINGS,
    COUNTING_UNIT,
    KIND_LETTERS,
    Command,
    binding,
    groups,
    key_table,
)

from usfasc.model import Kind

LEFT_HAND = set("12345QWERTASDFGZXCVB") | {"Space", "F1"}


def test_every_command_has_keys_of_its_own() -> None:
    assert [bound.command for bound in BINDINGS] == sorted(
        {*Command}, key=[bound.command for bound in BINDINGS].index
    )
    keys = [key for bound in BINDINGS for key in bound.keys]
    assert len(keys) == len(set(keys))


def test_one_hand_reaches_every_command() -> None:
    for bound in BINDINGS:
        assert bound.keys[0].split("+")[-1] in LEFT_HAND


def test_every_kind_has_a_letter_of_its_own_in_its_name() -> None:
    assert set(KIND_LETTERS) == set(Kind)
    assert len(set(KIND_LETTERS.values())) == len(Kind)
    assert all(letter in kind.value for kind, letter in KIND_LETTERS.items())


def test_words_are_of_the_table() -> None:
    undo = binding(Command.UNDO)
    assert undo.shown_keys == "Z or Ctrl+Z"
    assert undo.tooltip == "Take back the last act. (Z or Ctrl+Z)"
    table = key_table()
    for group, members in groups():
        assert f"| {group} |" in table
        assert all(f"**{bound.shown_keys}**" in table for bound in members)


def test_the_readme_shows_this_very_table(checkout: Path) -> None:
    readme = (checkout / "README.md").read_text("utf-8")
    head, *rows = key_table().splitlines()
    if head not in readme:
        pytest.skip("README.md has no table of keys")
    assert "\n".join([head, *rows]) + "\n" in readme


def test_the_help_says_keys_kinds_and_what_counts() -> None:
    from usfasc_napari.review_help import help_html

    html = help_html()
    assert COUNTING_UNIT in html
    assert all(bound.name in html for bound in BINDINGS)
    assert "Not a medical device" in html

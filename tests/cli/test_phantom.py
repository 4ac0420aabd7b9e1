"""``usfasc phantom`` as a user meets it."""

import pytest

from usfasc.cli import run


def test_list_names_every_set(capsys):
    assert run(["phantom", "--list"]) == 0
    out = capsys.readouterr().out
    for name in ("samples:", "  two_muscles", "standard-test:", "negatives-dev:"):
        assert name in out


def test_a_scene_is_made_as_asked(tmp_path, capsys):
    arguments = ["--duration", "0.5", "--frame-rate", "20", "--seed", "3", "--out", str(tmp_path)]
    assert run(["phantom", "quiet_muscle", *arguments]) == 0
    assert capsys.readouterr().out.strip().endswith("quiet_muscle.dcm")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "quiet_muscle.dcm",
        "quiet_muscle.regions.json",
        "quiet_muscle.truth.csv",
    ]


@pytest.mark.parametrize(
    "arguments",
    [[], ["no such scene"], ["quiet_muscle", "--duration", "0"], ["quiet_muscle", "--seed", "-1"]],
    ids=["nothing", "unknown", "too short", "bad seed"],
)
def test_wrong_usage(arguments, capsys):
    assert run(["phantom", *arguments]) == 2
    assert capsys.readouterr().err.startswith("BAD_USAGE")


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_rendered(tmp_path, capsys):
    (tmp_path / "file").write_text("here")
    assert run(["phantom", "samples", "--out", str(tmp_path / "file" / "below")]) == 1
    shown = capsys.readouterr()
    assert shown.err == "NOT_WRITABLE: The folder of --out cannot be made.\n"
    assert shown.out == ""

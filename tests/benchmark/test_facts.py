"""Facts of cases: the same keys over families, values that a breakdown can take."""

from pathlib import Path

import pytest

from usfasc.benchmark import cases
from usfasc.benchmark.firing_clips import firing_recipes
from usfasc.benchmark.own import OwnRecipe
from usfasc.benchmark.recipes import Recipe
from usfasc.model import Reading

SHARED = {
    "family",
    "scene",
    "view",
    "geometry",
    "frame_rate_hz",
    "spacing_mm",
    "depth_mm",
    "codec",
    "twitches_per_min",
    "sites",
    "model",
}
DATA = Path("nowhere")


@pytest.mark.parametrize(
    ("recipes", "families"),
    [
        (cases.phantom_recipes("dev"), {"points", "beams"}),
        (cases.negative_recipes("dev"), {"points", "beams"}),
        (cases.implant_recipes("dev", DATA), {"implants", "real"}),
        (cases.other_implant_recipes("dev", DATA, 3), {"implants", "real"}),
        (cases.crowded_recipes("dev", DATA, 3), {"points", "beams", "implants"}),
        (firing_recipes("dev", DATA, 3), {"points", "implants"}),
    ],
    ids=["phantom", "negatives", "implants", "other implants", "crowded", "firing"],
)
def test_made_cases_share_their_keys(recipes: list[Recipe], families: set[str]) -> None:
    assert {r.facts["family"] for r in recipes} == families
    for recipe in recipes:
        assert recipe.facts.keys() >= SHARED
        assert all(isinstance(value, str | float | int) for value in recipe.facts.values())


def test_sectors_and_bit_rates_are_told_where_they_are() -> None:
    facts = [r.facts for r in cases.phantom_recipes("test")]
    assert {f["scene"] for f in facts} == {"limb", "tongue", "abdomen", "paraspinal"}
    assert all(f["family"] == "beams" for f in facts if f["geometry"] == "sector")
    assert all(("kbit_s" in f) == (f["codec"] != "jpeg") for f in facts)


def test_negatives_name_what_they_look_like() -> None:
    looks = {f["look"] for f in (r.facts for r in cases.negative_recipes("dev"))}
    assert {"", "tremor+sway", "key_frames", "damaged_frames"} <= looks


def test_a_plain_copy_has_no_twitches() -> None:
    rates = {r.name: r.facts["twitches_per_min"] for r in cases.implant_recipes("dev", DATA)}
    assert {name for name, rate in rates.items() if rate == 0} == {
        "biceps-plain",
        "tibialis-plain",
        "brachial-plain",
    }


def test_copies_say_their_own_rate_codec_and_model() -> None:
    facts = [r.facts for r in cases.other_implant_recipes("dev", DATA, 3)]
    assert {f["model"] for f in facts} == {"patch", "window", "spline", "arc"}
    assert {f["codec"] for f in facts} == {"jpeg", "h264", "mpeg4"}
    assert {round(float(f["frame_rate_hz"])) for f in facts} == {15, 25, 30, 38}
    assert {f["scene"] for f in facts} == {"biceps", "tibialis", "brachial"}


def test_real_and_own_clips_say_which_family_they_are() -> None:
    own = OwnRecipe(name="0123456789ab", path=DATA, reading=Reading(), truth=())
    assert own.facts["family"] == "own"
    assert {r.facts["family"] for r in cases.real_recipes(DATA)} == {"real"}

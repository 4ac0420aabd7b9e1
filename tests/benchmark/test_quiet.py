"""What a look-alike hides by its own truth, and what is said of a clip against that."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from fixtures.judged import judged

from usfasc.benchmark.quiet import quiet_table
from usfasc.benchmark.stirring import TICK_S, stir
from usfasc.errors import Code
from usfasc.model import AssessableSpan
from usfasc.phantom import LookAlike, LookAlikeKind, Scene, negatives
from usfasc.phantom.beams import BeamScene

K = LookAlikeKind
DURATION_S = 6.0


def clip(kind, strength=1.0, *, beams=False, **window):
    look = LookAlike(kind=kind, strength=strength, **window)
    scene = (BeamScene if beams else Scene)(duration_s=DURATION_S, look_alikes=(look,))
    return stir(scene, 5)


def share(mask, start_s=0.0, stop_s=DURATION_S) -> float:
    return float(mask[round(start_s / TICK_S) : round(stop_s / TICK_S)].mean())


@pytest.mark.parametrize("beams", [False, True])
@pytest.mark.parametrize("kind", [K.GAIN_STEPS, K.KEY_FRAMES, K.SWAY, K.DRIFT])
def test_what_can_be_followed_hides_nothing(kind, beams):
    truth = clip(kind, 0.7, beams=beams)
    assert share(truth.quiet) > 0.8
    assert share(truth.loud) == 0


@pytest.mark.parametrize("beams", [False, True])
def test_before_and_after_a_contraction_is_quiet(beams):
    truth = clip(K.CONTRACTION, 1.5, start_s=2.0, stop_s=4.0, beams=beams)
    assert share(truth.quiet, 0, 1.5) == 1
    assert share(truth.quiet, 5, 6) == 1
    assert share(truth.quiet, 2, 2.3) == 0


def test_a_probe_lifted_is_loud_while_it_is_away():
    truth = clip(K.LIFT_OFF, start_s=2.0, stop_s=4.0)
    assert share(truth.loud, 2.6, 3.4) == 1
    assert share(truth.loud) < 0.3
    assert share(truth.quiet, 1.6, 4.4) == 0


def test_strong_tremor_is_never_quiet_for_long():
    truth = clip(K.TREMOR, 6.0)
    assert share(truth.quiet) < 0.3
    assert share(truth.loud) > 0.3


def test_quiet_and_loud_exclude_each_other():
    for kind in (K.SLIDING, K.SWEEP, K.JERK, K.PULSATION):
        truth = clip(kind, 1.5)
        assert truth.quiet.shape == truth.loud.shape == (round(DURATION_S / TICK_S),)
        assert not (truth.quiet & truth.loud).any()


LIFTED = next(each for each in negatives("dev") if each.name == "lift-off-easy-dev")


def spans(*edges_s):
    """Judged, lost, judged ... between the edges."""
    return tuple(
        AssessableSpan(region="*", start_s=a, stop_s=b, reason="picture dark" if k % 2 else None)
        for k, (a, b) in enumerate(pairwise(edges_s))
    )


def lifted(*edges_s, **more):
    return judged(
        [],
        [],
        section="negatives",
        group="points: lift off",
        name=LIFTED.name,
        duration_s=LIFTED.scene.duration_s,
        spans=spans(*edges_s),
        **more,
    )


def cells(table) -> dict[str, float | None]:
    (row,) = table.rows
    return {name: figure.value for name, figure in row.cells.items()}


@pytest.mark.parametrize(
    ("edges_s", "quiet", "loud"),
    [
        pytest.param((0, 2.2, 4.9, 99), 1.0, 1.0, id="right"),
        pytest.param((0, 99), 1.0, 0.0, id="all judged"),
        pytest.param((0, 0, 99), 0.0, 1.0, id="nothing judged"),
        pytest.param((0, 3.5, 99), None, 0.5, id="late"),
    ],
)
def test_shares_of_a_clip(edges_s, quiet, loud):
    found = cells(quiet_table([lifted(*edges_s)]))
    assert found["loud time lost"] == pytest.approx(loud, abs=0.02)
    if quiet is not None:
        assert found["quiet time judged"] == pytest.approx(quiet, abs=0.001)


def test_real_clips_by_their_notes():
    rest = judged([], [], section="real", group="real", name="tibialis", duration_s=41.6)
    found = cells(quiet_table([replace(rest, spans=spans(0, 32, 41.6))]))
    assert found == {"quiet time judged": 1.0, "loud time lost": pytest.approx(1.0, abs=0.01)}


def test_a_frozen_clip_has_no_quiet_time():
    frozen = judged([], [], section="real", group="real", name="frozen", duration_s=4.0)
    found = cells(quiet_table([replace(frozen, spans=spans(0, 0, 4))]))
    assert found == {"quiet time judged": None, "loud time lost": 1.0}


def test_other_cases_and_failed_ones_are_passed_over():
    cases = [judged([], []), lifted(0, 99, error=Code.INTERNAL)]
    assert quiet_table(cases).figures == ()


def test_truth_is_the_same_twice():
    first, second = (clip(K.SLIDING, 1.0) for _ in range(2))
    assert np.array_equal(first.loud, second.loud)

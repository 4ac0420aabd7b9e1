from dataclasses import replace

import numpy as np
import pytest
from fixtures.judged import event, judged

from usfasc.benchmark.kinematics import kinematics_table
from usfasc.benchmark.true_motion import true_motions
from usfasc.phantom import family_of, rendering, standard
from usfasc.phantom.layout import draw_layout

MEASURED = {
    "contraction_s": 0.1,
    "relaxation_s": 0.2,
    "directional_anisotropy": 0.8,
    "peak_velocity_mm_s": 6.0,
}


def true(number, onset_s, amplitude_mm=0.4):
    return event(number, onset_s, amplitude_mm=amplitude_mm).model_copy(
        update={"peak_velocity_mm_s": 5.0}
    )


def found(number, onset_s, amplitude_mm=0.4, **more):
    got = event(number, onset_s, amplitude_mm=amplitude_mm)
    return got.model_copy(update=MEASURED | more)


def case(true_events, found_events):
    return judged(true_events, found_events, facts={"family": "implants", "frame_rate_hz": 50.0})


def cell(table, row, name):
    return next(figure for figure in table.figures if figure.of == row and figure.name == name)


def test_errors_are_medians_over_the_twitches_that_were_found():
    rows = kinematics_table(
        [
            case(
                [true(1, 1.0), true(2, 3.0), true(3, 5.0), true(4, 7.0)],
                [found(1, 1.0, 0.44), found(2, 3.0, 0.5), found(3, 5.0, 0.32)],
            )
        ]
    )
    row = ">= 0.15 mm (3)"
    assert cell(rows, row, "displacement: median |error|").value == pytest.approx(0.2)
    assert cell(rows, row, "displacement, found/true").value == pytest.approx(1.1)
    assert cell(rows, row, "velocity: median |error|").value == pytest.approx(0.2)
    assert cell(rows, row, "contraction, s: median |error|").value == pytest.approx(0.0, abs=1e-9)
    assert cell(rows, row, "relaxation, s: median |error|").value == pytest.approx(0.0, abs=1e-9)
    assert cell(rows, row, "anisotropy: median |error|").value is None


def test_directions_are_compared_where_the_tissue_has_one():
    told = {
        "one way": {"direction_deg": 350.0, "directional_anisotropy": 0.9, "area_mm2": 20.0},
        "bulge": {"direction_deg": 90.0, "directional_anisotropy": 0.1, "area_mm2": 40.0},
    }
    true_events = [
        true(number, 2.0 * number).model_copy(update=each)
        for number, each in enumerate(told.values(), start=1)
    ]
    got = [found(n, 2.0 * n, direction_deg=10.0, area_mm2=30.0) for n in (1, 2)]
    rows = kinematics_table([case(true_events, got)])
    row = ">= 0.15 mm (2)"
    assert cell(rows, row, "direction, deg: median |error|").value == pytest.approx(20.0)
    assert cell(rows, row, "area: median |error|").value == pytest.approx(0.375)


def test_times_are_allowed_15_ms_and_a_frame():
    rows = kinematics_table([case([true(1, 1.0)], [found(1, 1.0)])])
    assert cell(rows, ">= 0.15 mm (1)", "contraction, s: median |error|").at_most == pytest.approx(
        0.035
    )


def test_a_small_twitch_stands_in_its_own_band_without_a_bar():
    rows = kinematics_table([case([true(1, 1.0, 0.08)], [found(1, 1.0, 0.12)])])
    assert {figure.of for figure in rows.figures} == {"0.05-0.15 mm (1)"}
    assert all(figure.at_most is None for figure in rows.figures)


def test_a_twitch_that_was_not_measured_counts_for_nothing():
    rows = kinematics_table([case([true(1, 1.0)], [event(1, 1.0)])])
    assert rows.figures == ()


def test_what_the_truth_says_apart_beats_its_times():
    told = true(1, 1.0).model_copy(update={"relaxation_s": 0.17, "directional_anisotropy": 0.9})
    (motion,) = true_motions(case([told], [])).values()
    assert motion.relaxation_s == 0.17
    assert motion.anisotropy == 0.9
    assert motion.contraction_s == pytest.approx(told.peak_s - told.onset_s)


@pytest.mark.parametrize("family", ["points", "beams"])
def test_a_phantoms_motion_is_measured_on_its_scene(family):
    named = next(
        each
        for each in standard("dev")
        if family_of(each.scene) == family and each.scene.twitches_per_min > 15
    )
    motions = _motions_of_all(named)
    assert motions
    for starts_s, motion in motions:
        assert 0 < motion.onset_s - starts_s < 0.1
        assert 0.01 < motion.contraction_s < 0.3 and 0.03 < motion.relaxation_s < 0.8
        fastest = motion.velocity_mm_s * motion.contraction_s / motion.displacement_mm
        assert 1.0 < fastest < 2.5
        assert 0 <= motion.anisotropy <= 1 + 1e-6
        assert np.isfinite(motion.displacement_mm)
        # A twitch of points rises at once everywhere, the fascicles of a beam one by one.
        assert (motion.onset_spread_s < 1e-4) == (family == "points")
        assert motion.onset_spread_s < 0.03
        assert 0 <= motion.direction_deg < 360
        assert 2 < motion.area_mm2 < 250


def test_area_and_direction_of_a_shift_are_those_that_its_scene_asks_for():
    from usfasc.benchmark import true_motion

    named = next(each for each in standard("dev") if family_of(each.scene) == "points")
    scene, seed = named.scene, named.seed
    layout = draw_layout(scene, rendering._rng(seed, rendering._ANATOMY))
    asked = rendering.plan_twitches(scene, layout, seed)
    moved = [motion for _, motion in true_motion._motions_of(named)]
    pairs = [(a, got) for a, got in zip(asked, moved, strict=True) if a.mode == "shift"]
    assert pairs
    for twitch, got in pairs:
        assert got.direction_deg == pytest.approx(twitch.direction_deg, abs=0.1)
        to_a_third_mm2 = np.pi / 4 * twitch.length_mm * twitch.width_mm
        assert 0.5 < got.area_mm2 / to_a_third_mm2 < 0.75


def test_the_truth_of_a_mirrored_picture_is_mirrored():
    from usfasc.benchmark import true_motion

    named = next(each for each in standard("dev") if family_of(each.scene) == "beams")
    turned = replace(named, scene=replace(named.scene, mirrored=not named.scene.mirrored))
    pairs = zip(true_motion._motions_of(named), true_motion._motions_of(turned), strict=True)
    for (_, plain), (_, other) in pairs:
        assert other.direction_deg == pytest.approx((180 - plain.direction_deg) % 360, abs=1e-3)
        assert other.area_mm2 == plain.area_mm2


def _motions_of_all(named):
    from usfasc.benchmark import true_motion

    first = true_motion._motions_of(named)
    truth = [
        event(number, starts_s, amplitude_mm=motion.displacement_mm)
        for number, (starts_s, motion) in enumerate(first, start=1)
    ]
    told = true_motions(judged(truth, [], name=named.name))
    assert list(told.values()) == [motion for _, motion in first]
    return first

"""``usfasc benchmark``: what it prints and writes, and how it refuses."""

import json
from pathlib import Path

import pytest
from fixtures.judged import event, judged

from usfasc.benchmark import run as running
from usfasc.benchmark.baselines import METHODS
from usfasc.benchmark.figures import Chapter, Figure, Table
from usfasc.cli import run
from usfasc.model import Reading


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[running.Order]:
    """Orders that reach the benchmark, which answers at once."""
    taken: list[running.Order] = []
    table = Table(
        title="phantom: 1 clip",
        figures=(
            Figure(name="F1", value=0.91, low=0.8, high=0.95, at_least=0.88),
            Figure(name="false alarms per min", value=0.7, at_most=0.5),
        ),
    )

    def answer(order: running.Order, done: object = None) -> running.Report:
        taken.append(order)
        case = judged([event(1, 1)], [event(1, 1)])
        chapter = Chapter(title="phantoms", about="Synthetic.", tables=(table,))
        return running.Report(order=order, chapters=(chapter,), cases=(case,))

    monkeypatch.setattr(running, "run", answer)
    return taken


def test_figures_are_printed(
    orders: list[running.Order], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["benchmark", "--quick"]) == 0
    out = capsys.readouterr().out
    assert "0.91" in out
    assert "0.80 - 0.95" in out
    assert ">= 0.88" in out
    assert "one by one" not in out
    assert orders[0].split == "test"
    assert orders[0].quick


def test_single_clips_are_shown_on_development_seeds_only(
    orders: list[running.Order], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    files = {}
    for split in ("dev", "test"):
        files[split] = tmp_path / f"{split}.json"
        assert run(["benchmark", "--split", split, "--json", str(files[split])]) == 0
    assert capsys.readouterr().out.count("one by one") == 1
    assert len(json.loads(files["dev"].read_text())["clips"]) == 1
    assert json.loads(files["test"].read_text())["clips"] == []


def test_the_file_says_what_is_met(orders: list[running.Order], tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    assert run(["benchmark", "--full", "--json", str(file)]) == 0
    written = json.loads(file.read_text())
    assert [f["met"] for f in written["chapters"][0]["tables"][0]["figures"]] == [True, False]
    assert written["engine"]["name"] == "usfasc"
    assert not orders[0].quick


def test_sections_can_be_chosen(orders: list[running.Order]) -> None:
    assert run(["benchmark", "--only", "phantom, speed"]) == 0
    assert orders[0].only == ("phantom", "speed")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("differencing",)),
        (["--full"], tuple(METHODS)),
        (["--baselines", "all"], tuple(METHODS)),
        (["--baselines", "none", "--full"], ()),
        (["--baselines", "klt, gmm"], ("klt", "gmm")),
    ],
)
def test_methods_beside_it_can_be_chosen(
    arguments: list[str], expected: tuple[str, ...], orders: list[running.Order]
) -> None:
    assert run(["benchmark", *arguments]) == 0
    assert orders[0].baselines == expected


def test_an_unknown_method_is_wrong_usage(
    orders: list[running.Order], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["benchmark", "--baselines", "magic"]) == 2
    assert "gmm-shipped" in capsys.readouterr().err
    assert not orders


def test_own_cases_are_measured_alone_unless_sections_are_named(
    orders: list[running.Order],
) -> None:
    said = ["--depth-mm", "40", "--frame-rate", "30"]
    assert run(["benchmark", "--cases", "mine", *said]) == 0
    assert run(["benchmark", "--cases", "mine", "--only", "phantom"]) == 0
    assert [order.only for order in orders] == [(), ("phantom",)]
    assert orders[0].cases == Path("mine")
    assert orders[0].reading == Reading(depth_mm=40.0, frame_rate_hz=30.0)


def test_an_unknown_section_is_wrong_usage(
    orders: list[running.Order], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["benchmark", "--only", "everything"]) == 2
    assert "BAD_USAGE" in capsys.readouterr().err
    assert not orders


def test_without_the_real_clips_it_says_how_to_name_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("USFASC_SHARED_DATA", raising=False)
    assert run(["benchmark", "--only", "real"]) == 1
    assert "--data" in capsys.readouterr().err


def test_a_page_is_written(orders: list[running.Order], tmp_path: Path) -> None:
    file = tmp_path / "figures.html"
    assert run(["benchmark", "--html", str(file)]) == 0
    assert "<h1>usfasc benchmark</h1>" in file.read_text()
    assert orders

"""Tables on the terminal: values, intervals where there is room, headings."""

import pytest

from usfasc.benchmark.figures import Figure, Table, said_of
from usfasc.cli.show import make_console
from usfasc.cli.tables import rich_table


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 100 letters."""
    monkeypatch.setenv("COLUMNS", "100")


def printed(table: Table, capsys: pytest.CaptureFixture[str]) -> str:
    make_console().print(rich_table(table), soft_wrap=False)
    return capsys.readouterr().out


def wide(columns: int) -> Table:
    cells = [Figure(name=f"c{k}", value=0.5, low=0.4, high=0.6) for k in range(columns)]
    return Table(title="t", figures=said_of("row", cells, under="heading"), layout="wide")


@pytest.mark.parametrize(("columns", "intervals"), [(2, 2), (3, 3), (5, 2), (6, 0)])
def test_intervals_stand_where_there_is_room(
    columns: int, intervals: int, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(wide(columns), capsys)
    assert out.count("(0.40 - 0.60)") == intervals
    assert out.index("heading") < out.index("row")
    assert out.count("0.5 ") + out.count("0.5\n") >= columns - intervals


def test_a_row_without_a_figure_stays_empty(capsys: pytest.CaptureFixture[str]) -> None:
    figures = (
        *said_of("first", [Figure(name="F1", value=0.75)]),
        *said_of("second", [Figure(name="other", value=3)]),
    )
    out = printed(Table(title="t", figures=figures, layout="wide"), capsys)
    assert [line.split() for line in out.splitlines() if "first" in line or "second" in line] == [
        ["first", "0.75"],
        ["second", "3"],
    ]


def test_numbers_are_never_cropped_for_a_long_note(capsys: pytest.CaptureFixture[str]) -> None:
    figure = Figure(name="F1", value=0.9, low=0.8, high=0.95, at_least=0.88, note="word " * 40)
    out = printed(Table(title="t", figures=(figure,)), capsys)
    assert "0.9   0.80 - 0.95    >= 0.88" in out

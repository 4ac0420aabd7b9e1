"""The events of a review as a table: it asks for what is on display, so thousands stay fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from qtpy.QtGui import QPalette
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from usfasc.review import Decision, Mode
from usfasc_napari.review_course import ReviewCourse
from usfasc_napari.review_list import Column, columns_of, is_counted

if TYPE_CHECKING:
    from usfasc.review import Row

_DOT = "●"
_NONE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class EventTableModel(QAbstractTableModel):
    """Rows of a review in the columns that its reader may see.

    Parameters
    ----------
    parent
        The view: its palette tells how a rejected event is greyed.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self.rows: tuple[Row, ...] = ()
        self.columns: tuple[Column, ...] = ()
        self._mode = Mode.GUIDED

    def show_rows(self, rows: Sequence[Row], mode: Mode) -> None:
        """Show other rows; where they are the same events, only their words are drawn anew."""
        rows, columns = tuple(rows), columns_of(mode)
        same = [row.key for row in rows] == [row.key for row in self.rows]
        if same and columns == self.columns:
            self.rows = rows
            if rows:
                last = self.index(len(rows) - 1, len(columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.rows, self.columns, self._mode = rows, columns, mode
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:  # noqa: N802 - Qt's name
        """How many events there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NONE) -> int:  # noqa: N802 - Qt's name
        """How many columns there are, with the one for the dot."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says, and how it looks."""
        row, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._marked(row, column)
            case Qt.ItemDataRole.ForegroundRole if row.verdict is Decision.REJECT:
                palette = self._view.palette()
                return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = "AlignRight" if column.is_number else "AlignLeft"
                return int(getattr(Qt.AlignmentFlag, side) | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (row.event.region, row.note))) or None
        return None

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Names of the columns; rows have none."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.columns[section].help
        return self.columns[section].name if role == Qt.ItemDataRole.DisplayRole else None

    def _is_counted(self, row: Row) -> bool:
        return self._mode is not Mode.BLINDED and is_counted(row)

    def _marked(self, row: Row, column: Column) -> str:
        """The words of a cell; a kind carries the dot of what is counted."""
        text = column.text(row)
        return f"{_DOT} {text}" if column.name == "Kind" and self._is_counted(row) else text


class EventTable(QTableView):
    """The list of a review: one line an event, the one in hand selected.

    Parameters
    ----------
    course
        Whose list it is.
    """

    def __init__(self, course: ReviewCourse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self._model = EventTableModel(self)
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self._lay_out_headers()
        self.selectionModel().currentRowChanged.connect(self._take_up)

    def show_list(self) -> None:
        """Show the events of the course in its order."""
        # What the view selects as its rows change is none of the reader's choice.
        blocked = self.selectionModel().blockSignals(True)
        self._model.show_rows(self._course.listed, self._course.desk.mode)
        self.selectionModel().blockSignals(blocked)
        header = self.horizontalHeader()
        for section, column in enumerate(self._model.columns):
            wide = column.name in ("Region", "Verdict")
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(section, mode.Stretch if wide else mode.ResizeToContents)
        self._show_sorting()
        self.show_current()

    def show_current(self) -> None:
        """Select the event in hand."""
        current = self._course.desk.current
        keys = [row.key for row in self._model.rows]
        blocked = self.selectionModel().blockSignals(True)
        if current is None or current.key not in keys:
            self.clearSelection()
        elif not self.selectionModel().isRowSelected(keys.index(current.key), _NONE):
            self.selectRow(keys.index(current.key))
            self.scrollTo(self.currentIndex())
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def _lay_out_headers(self) -> None:
        row_px = self.fontMetrics().height() + 6
        self.verticalHeader().setDefaultSectionSize(row_px)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # Asked anew at every verdict: the events in sight and a few more tell how wide a column is.
        header.setResizeContentsPrecision(20)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)

    def _take_up(self, index: QModelIndex) -> None:
        if index.isValid():
            self._course.desk.go_to(self._model.rows[index.row()].key)

    def _sort(self, section: int) -> None:
        """By a column; clicked again, the other way round. A blinded order stays as it is."""
        if self._course.desk.mode is Mode.BLINDED:
            return
        column = self._model.columns[section]
        again = self._course.column == column and not self._course.descending
        self._course.sort(column, descending=again)

    def _show_sorting(self) -> None:
        header, column = self.horizontalHeader(), self._course.column
        header.setSortIndicatorShown(column in self._model.columns)
        if column in self._model.columns:
            order = Qt.SortOrder
            header.setSortIndicator(
                self._model.columns.index(column),
                order.DescendingOrder if self._course.descending else order.AscendingOrder,
            )

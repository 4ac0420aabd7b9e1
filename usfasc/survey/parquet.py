"""Tables as Parquet, whose columns have types; by pyarrow, of the extra ``parquet``."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from usfasc.errors import Code, UsageError
from usfasc.model import DISCLAIMER
from usfasc.survey.tables import Column


def check_parquet() -> None:
    """Refuse where pyarrow is not installed.

    Raises
    ------
    UsageError
        ``MISSING_EXTRA``.
    """
    if find_spec("pyarrow") is None:
        raise UsageError(
            Code.MISSING_EXTRA, 'Parquet needs pyarrow: install "usfasc[parquet]", or leave it out.'
        )


def parquet_bytes(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """One table as a Parquet file; units and meanings stand with its columns.

    Parameters
    ----------
    columns
        Its columns.
    rows
        Cells by column; None where there is nothing.
    """
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "yes or no": pa.bool_(),
    }
    fields = [
        pa.field(each.name, types[each.kind], metadata={"unit": each.unit, "meaning": each.meaning})
        for each in columns
    ]
    schema = pa.schema(fields, metadata={"disclaimer": DISCLAIMER})
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(rows), schema=schema), stream)
    return stream.getvalue()

"""The only importer of OpenCV.

opencv-python sets Qt's plugin and font paths when it is imported, which breaks
a PySide6 viewer in the same process; they are put back as they were.
"""

from __future__ import annotations

import os
from typing import Any

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2 as _cv2  # noqa: E402

# The stubs of OpenCV 5 know no DIS flow and no float32 results; numpy's types stand at the callers.
cv2: Any = _cv2

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

# One thread a clip: two gain nothing at this size (measured), and clips run side by side.
cv2.setNumThreads(1)

__all__ = ["cv2"]

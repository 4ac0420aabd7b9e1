"""What stands still: the B-mode area and the overlays in it."""

from usfasc.tissue.bmode import find_pictures

__all__ = ["find_pictures"]

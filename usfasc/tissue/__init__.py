"""What stands still: the B-mode area and the overlays in it."""

from usfasc.tissue.bmode import Hidden, find_pictures, why_masked

__all__ = ["Hidden", "find_pictures", "why_masked"]

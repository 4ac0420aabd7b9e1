"""What stands still: the B-mode pictures and the overlays in them."""

from usfasc.tissue.bmode import Hidden, find_pictures, why_masked
from usfasc.tissue.scale import with_pictures

__all__ = ["Hidden", "find_pictures", "why_masked", "with_pictures"]

"""What stands still: the pictures of a screen, their overlays, layers and vessels."""

from usfasc.tissue.bmode import Hidden, find_pictures, why_masked
from usfasc.tissue.fasciae import find_fasciae, steady_fasciae
from usfasc.tissue.following import rows_at
from usfasc.tissue.sampling import moments
from usfasc.tissue.scale import with_pictures
from usfasc.tissue.vessels import find_vessels, steady_vessels
from usfasc.tissue.walls import without_walls

__all__ = [
    "Hidden",
    "find_fasciae",
    "find_pictures",
    "find_vessels",
    "moments",
    "rows_at",
    "steady_fasciae",
    "steady_vessels",
    "why_masked",
    "with_pictures",
    "without_walls",
]

"""What stands still: the B-mode area and the overlays in it."""

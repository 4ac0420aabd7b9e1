"""Muscle regions: polygons, naming, counting."""

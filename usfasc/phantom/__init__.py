"""Synthetic muscle cines with truth."""

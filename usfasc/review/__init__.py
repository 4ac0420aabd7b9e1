"""Verdicts as data: append-only, applied to give a new result."""

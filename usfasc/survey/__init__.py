"""Surveys: many clips of a muscle, muscles of a subject, subjects; one table says which."""

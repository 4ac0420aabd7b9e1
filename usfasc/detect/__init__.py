"""Motion evidence to events and assessable time."""

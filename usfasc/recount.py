"""The same clip counted anew: other regions, or other events, without detection."""

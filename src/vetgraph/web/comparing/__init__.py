"""Things side by side, and the figures of places and years."""

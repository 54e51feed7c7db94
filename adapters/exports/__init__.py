"""Exported chat histories as events: one module per format, told apart by content, streamed, in order of time."""

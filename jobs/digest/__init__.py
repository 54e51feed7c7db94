"""Digests: what happened in a group over a day, a week or a month, told by the clock."""

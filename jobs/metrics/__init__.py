"""Metrics: how a group is doing over a period, each number with what it means and what it is of."""

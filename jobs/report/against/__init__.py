"""Two homes on the same history: what the change from one to the other would do, in numbers, people and examples."""

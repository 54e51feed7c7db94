"""What is stored about people and groups, handed over; and people, forgotten."""

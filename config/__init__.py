"""What an operator wrote, understood: a home is read whole, or not at all."""

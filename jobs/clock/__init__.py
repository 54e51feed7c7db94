"""What happens when nobody speaks: timers are rung for when they are due, by any number of processes."""

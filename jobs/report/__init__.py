"""What a simulated history showed: gathered from the store's books, told as JSON, in the terminal and as a page."""

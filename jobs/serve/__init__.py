"""The process that serves groups live: connections in, the engine in the middle, a courier out."""

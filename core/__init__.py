"""The deciding machine: events in, decisions out, one commit. Standard library only, no I/O, no clock."""

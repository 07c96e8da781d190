"""Use cases, one module per command; the only room that decides order and reads the clock."""

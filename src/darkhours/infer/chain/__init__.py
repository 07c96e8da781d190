"""Segments time: a sticky chain over access states, filtered forward and sampled backward."""

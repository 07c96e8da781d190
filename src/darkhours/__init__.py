"""Darkhours keeps the account of Internet shutdowns: evidence in, one account out."""

__version__ = "0.1.0"

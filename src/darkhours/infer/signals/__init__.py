"""Measured signals: panels in, sampled histories out, by a baseline that never learns from an outage."""

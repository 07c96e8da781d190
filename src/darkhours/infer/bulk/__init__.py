"""The inference from signals for very many entities: compiled, and resumed where it stopped."""

"""Pure: timeline in, account out (windows, totals, days, patterns, stages, verdicts, impact)."""

from darkhours.account.build import Asked, build_account
from darkhours.account.posterior import Posterior, read_posterior

__all__ = ["Asked", "Posterior", "build_account", "read_posterior"]

"""Pure: synthetic truth, metrics, the rules of other systems."""

from darkhours.score.events import Found, TrueWindow, Truth, find_from_account
from darkhours.score.metrics import Score, Tally, summarise, tally
from darkhours.score.recipes import RECIPES, Recipe, find_recipe
from darkhours.score.synthetic import Scenario, make_scenario

__all__ = [
    "RECIPES",
    "Found",
    "Recipe",
    "Scenario",
    "Score",
    "Tally",
    "TrueWindow",
    "Truth",
    "find_from_account",
    "find_recipe",
    "make_scenario",
    "summarise",
    "tally",
]

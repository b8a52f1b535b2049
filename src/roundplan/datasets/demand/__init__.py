"""A week of home-care demand in a town: clients, visits, workers, shifts, history."""

from roundplan.datasets.demand.model import Week
from roundplan.datasets.demand.week import make_week

__all__ = ["Week", "make_week"]

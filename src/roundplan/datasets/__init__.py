"""Problems to start with: a generator of towns and weeks of demand, and the demo."""

from roundplan.datasets.assumptions import shapes
from roundplan.datasets.demo import copy_demo, demo_folder
from roundplan.datasets.folder import generate

__all__ = ["copy_demo", "demo_folder", "generate", "shapes"]

"""The command line, and the only place that prints.

One module per sub-command. Everything heavy (numpy, numba, geopandas and whatever
imports them, ``_planning`` and the modules it prints with included) is imported inside
the command functions, so that ``roundplan --help`` answers at once.
"""

from roundplan.cli._errors import main

__all__ = ["main"]

"""The search for synchronised one-period problems in which only lateness has a price.

`roundplan.solve.sync.regular` says which problems those are.
"""

"""The complete model of every rule and price, for CP-SAT (docs/exact.md).

For small problems, and as the oracle of the tests: what it proves optimal no search
may beat. Nothing here is imported before somebody asks for it, as OR-Tools takes more
than a second to load.
"""

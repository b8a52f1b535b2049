"""Rounds that the search found, kept and put together anew.

The search is good at making rounds and poor at choosing among all it ever made. Where
rounds do not depend on each other, that choice is a set partition.
"""

"""How each backend comes to its secrets, so that one suite can ask all of them the same.

A module for each backend, called as it is: `stock` puts secrets where the backend finds them and
returns the environment that it then runs in; `spoil` makes one of them unusable there.
"""

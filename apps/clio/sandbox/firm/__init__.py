"""Invents a law firm: people, clients, matters, work, bills and money, the same for the same seed, to the byte.

Amounts are integers of cents, days are ordinals, moments are ordinal x 86400 + local seconds. Only `Random.random()`
and whole-number arithmetic are used, so no machine's math library or locale can change a figure.
"""

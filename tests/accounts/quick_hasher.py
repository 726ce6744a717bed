"""A password hasher for the many tests that merely need somebody to sign in."""

from apps.accounts.services.password_hasher import FirmPasswordHasher


class QuickHasher(FirmPasswordHasher):
    """Production's Argon2id with the least of everything: 0.1 ms a hash instead of 80.

    A test that asks the fixture `production_hasher` pays production's price.
    """

    time_cost, memory_cost = 1, 8

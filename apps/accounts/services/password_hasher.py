"""How passwords are hashed: the one thing a sign-in may cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FirmPasswordHasher(Argon2PasswordHasher):
    """Argon2id, 46 MiB, two passes, one lane (docs/decisions has why). A hash made otherwise is renewed at sign-in."""

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1

"""Staff's view of people, and what they decide for them."""

from apps.accounts.admin import factor_resets, people

__all__ = ["factor_resets", "people"]

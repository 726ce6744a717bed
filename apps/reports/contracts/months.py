"""Whether months are closed, as every answer tells."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """Whether a month is closed now (R15). version: of its close; 0: it is open."""

    month: date
    version: int = 0

    @property
    def is_closed(self) -> bool:
        """Tell whether it is."""
        return self.version > 0

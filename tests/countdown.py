"""How much of a time may be left, measured instead of guessed: a busy machine may take long over any two lines."""

import time
from dataclasses import dataclass, field

_ROUNDED_SECONDS = 0.01  # servers count whole milliseconds, on a clock of their own


@dataclass(frozen=True, slots=True)
class Countdown:
    """So many seconds, none of which had passed when this was made. Make it before what starts them."""

    seconds: float
    _made_at: float = field(default_factory=time.monotonic)

    def may_tell(self, left: float) -> bool:
        """Tell whether so many seconds may be left: not more than all, nor fewer than the time that has passed."""
        passed = time.monotonic() - self._made_at
        return self.seconds - passed - _ROUNDED_SECONDS <= left <= self.seconds

"""How often one token, or one address without a token, may ask within a minute of this process."""

import time
from threading import Lock

_MINUTE = 60.0
_MOST_KNOWN = 10_000


class Throttle:
    """Counts requests by who asks. Each process of a server counts for itself; who is forgotten begins anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[str, tuple[float, int]] = {}
        self._lock = Lock()

    def wait(self, who: str) -> int:
        """Count a request; gives the seconds to wait where these were too many, else 0."""
        moment = time.monotonic()
        with self._lock:
            began, count = self._counts.get(who, (moment, 0))
            if moment - began >= _MINUTE:
                began, count = moment, 0
            if len(self._counts) >= _MOST_KNOWN:
                self._counts.clear()
            self._counts[who] = began, count + 1
        return 0 if count < self._most else max(1, round(began + _MINUTE - moment))

"""The token bucket as one number: when it would be full again.

The generic cell rate algorithm (ITU-T I.371, annex A) in its virtual scheduling form: each token
moves that moment by 1/rate, and there is none while it lies more than (burst - 1)/rate ahead.
"""

from __future__ import annotations

# Seconds that a bucket is remembered beyond the time it is full again by: clocks of several
# machines differ, and a key that went early would hand out its burst once more.
SLACK = 60.0
# Seconds by which a token may be early: what a time since 1970 in a float cannot tell apart.
GRAIN = 1e-6


def check(rate: float, burst: int) -> None:
    """Raises ValueError for a bucket that would never hold a token."""
    if rate <= 0 or burst < 1:
        raise ValueError("a bucket has a rate above 0 and holds at least one token")


def take(full_at: float, rate: float, burst: int, now: float) -> tuple[float, float]:
    """When it is full again after this, and the seconds to wait (0.0: a token was taken)."""
    gap = 1 / rate
    begin = max(full_at, now)
    wait = begin - (burst - 1) * gap - now
    if wait > GRAIN:
        return full_at, wait
    return begin + gap, 0.0

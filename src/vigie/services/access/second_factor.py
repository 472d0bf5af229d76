"""The second factor: codes from an authenticator app (TOTP, RFC 6238), and recovery codes.

The secret comes in as text and lies in the secrets store; what is kept with the person is only
the last step that was used, and the hashes of the recovery codes.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
from collections.abc import Iterable
from datetime import datetime

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError

ISSUER = "Vigie"
RECOVERY_CODES = 10
_STEP = 30
_LEEWAY_STEPS = 1  # half a minute either way, as RFC 6238 (5.2) advises
# Crockford's base 32, and what its decoders make of letters that were misread on paper.
_READABLE = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans("oil", "011")


def new_secret() -> str:
    """A secret of 160 bits in base 32, as the RFC asks of HMAC-SHA-1."""
    return pyotp.random_base32(32)


def otpauth_uri(secret: str, account: str, issuer: str = ISSUER) -> str:
    """What an authenticator app reads: `otpauth://totp/…`. It holds the secret: show it once."""
    return pyotp.TOTP(secret, name=account, issuer=issuer).provisioning_uri()


def qr_svg(uri: str) -> str:
    """The URI as a QR code, an SVG element without scripts or outside references."""
    out = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, light="#fff"
    )
    return out.getvalue().decode()


def accepted_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The step that the code stands for, to be stored as the new `last_step`; None when the code
    does not hold.

    Each code works once (RFC 6238, 5.2): a step that is not after `last_step` is refused, so
    store it in the same transaction that lets the person in, and only when it still is newer.
    """
    digits = re.sub(r"\s", "", code) if len(code) <= 16 else ""
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    try:
        totp = pyotp.TOTP(secret, interval=_STEP)
        step = totp.verify_and_get_timecode(digits, for_time=now, valid_window=_LEEWAY_STEPS)
    except OTPVerificationError:
        return None
    return step if last_step is None or step > last_step else None


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 80 bits for whoever lost the app; shown once."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """What is stored of a code. 80 random bits cannot be tried out, so a plain hash will do."""
    letters = re.sub(r"[\s-]", "", code[:64]).lower().translate(_MISREAD)
    return hashlib.sha256(b"vigie recovery code\0" + letters.encode(errors="replace")).hexdigest()


def spend_recovery_code(hashes: Iterable[str], code: str) -> tuple[str, ...] | None:
    """The hashes that are left when the code was one of them; None when it was not."""
    kept = tuple(hashes)
    presented = recovery_hash(code)
    left = tuple(known for known in kept if not secrets.compare_digest(known, presented))
    return left if len(left) < len(kept) else None


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_READABLE) for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))

"""What a failing tool said last, fit to be shown: short, plain and without secrets."""

from __future__ import annotations

import re

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HIDDEN = "[hidden]"

# Not a secret scanner: the forms in which programs let credentials slip into their messages. Each
# looks at a word once: a program may well write one of 64 KiB.
_SECRETS = (
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"), _HIDDEN),
    (re.compile(r"(?i)\b(authorization:\s*(?:bearer|basic|token)\s+)\S+"), rf"\1{_HIDDEN}"),
    (
        re.compile(
            r"(?i)((?<![\w-])"
            r"(?=[\w-]*?(?:password|passwd|secret|token|(?:api|access|private)[_-]?key))"
            r"[\w-]+[\"']?\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|\S+)"
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), _HIDDEN),
    (
        re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|npm_)[\w-]{10,}"),
        _HIDDEN,
    ),
    (re.compile(r"\beyJ[\w-]{8,1000}\.[\w-]{8,}\.[\w-]*"), _HIDDEN),
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.S),
        _HIDDEN,
    ),
    # A long run of letters and digits mixed that is no path and no word.
    (
        re.compile(
            r"(?<![\w/.@+-])(?=[A-Za-z+_-]*\d)(?=[\d+_-]*[A-Za-z])[\w+-]{40,}={0,2}(?![\w/.])"
        ),
        _HIDDEN,
    ),
)


# What a tool logs while all is well does not say why it failed.
_CHATTER = re.compile(r"^\S*\s*[\[(]?(?:TRACE|DEBUG|INFO|INF|DBG)\b")


def redact(text: str) -> str:
    """The text without what looks like a credential."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


# A line of a key whose beginning is gone, and of any other long thing in base64.
_BASE64 = re.compile(r"(?m)^[ \t]*[A-Za-z0-9+/]{40,}={0,2}[ \t]*$")


def last_lines(text: str, lines: int = 200, most: int = 16 * 1024) -> str:
    """The last lines that say something, at most `most` characters of them; what was left out
    before them is said by a line "…"."""
    plain = _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r", "\n")))
    said = [line.rstrip() for line in _BASE64.sub(_HIDDEN, redact(plain)).splitlines()]
    said = [line for line in said if line]
    kept: list[str] = []
    room = most
    for line in reversed(said[-lines:]):
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    if len(kept) < len(said):
        # One line that is longer than all there is room for is cut rather than lost.
        kept.append("…" if kept else "…" + said[-1][-(most - 1) :])
    return "\n".join(reversed(kept))


def last_words(text: str, lines: int = 3, width: int = 400) -> str:
    """The last lines that say something, as one line of at most `width` characters."""
    plain = _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r", "\n")))
    said = [line.strip() for line in redact(plain).splitlines() if line.strip()]
    said = [line for line in said if not _CHATTER.match(line)]
    joined = " / ".join(said[-lines:])
    return joined if len(joined) <= width else "…" + joined[-width + 1 :]

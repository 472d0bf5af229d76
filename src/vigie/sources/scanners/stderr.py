"""What a failing tool said last, fit to be shown: short, plain and without secrets."""

from __future__ import annotations

import re

# Control sequences and operating system commands (ECMA-48, 5.4 and 8.3.89).
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_TAKEN_BACK = re.compile(r"[^\x08\n]\x08")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HIDDEN = "[hidden]"

# Not a secret scanner: the forms in which programs let credentials slip into their messages. Each
# looks at a word once: a program may well write one of 64 KiB.
_SECRETS = (
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"), HIDDEN),
    (re.compile(r"(?i)\b(authorization:\s*(?:bearer|basic|token)\s+)\S+"), rf"\1{HIDDEN}"),
    (
        re.compile(
            r"(?i)((?<![\w-])"
            r"(?=[\w-]*?(?:password|passwd|secret|token|(?:api|access|private)[_-]?key))"
            r"[\w-]+[\"']?\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|\S+)"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), HIDDEN),
    (
        re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|npm_)[\w-]{10,}"),
        HIDDEN,
    ),
    (re.compile(r"\beyJ[\w-]{8,1000}\.[\w-]{8,}\.[\w-]*"), HIDDEN),
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.S),
        HIDDEN,
    ),
    # A long run of letters and digits mixed that is no path and no word.
    (
        re.compile(
            r"(?<![\w/.@+-])(?=[A-Za-z+_-]*\d)(?=[\d+_-]*[A-Za-z])[\w+-]{40,}={0,2}(?![\w/.])"
        ),
        HIDDEN,
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
OF_A_KEY = re.compile(r"(?m)^[ \t]*[A-Za-z0-9+/]{40,}={0,2}[ \t]*$")


def unadorned(text: str) -> str:
    """The text without colours, links, what was taken back and other control characters."""
    return _CONTROLS.sub("", _TAKEN_BACK.sub("", _ESCAPES.sub("", text)))


def last_words(text: str, lines: int = 3, width: int = 400) -> str:
    """The last lines that say something, as one line of at most `width` characters."""
    plain = unadorned(text.replace("\r", "\n"))
    said = [line.strip() for line in redact(plain).splitlines() if line.strip()]
    said = [line for line in said if not _CHATTER.match(line)]
    joined = " / ".join(said[-lines:])
    return joined if len(joined) <= width else "…" + joined[-width + 1 :]

"""Remove credentials and personal data from log lines and error reports.

Clients choose some of these texts. Therefore every repetition in a pattern is bounded, so that no
text takes more than a few steps per character.
"""

import re

MAX_LENGTH = 20_000  # characters
SECRET_NAMES = (
    r"authorization|cookie|password|passwd|pwd|refresh|secret\w{0,20}|sessionid|token|api[_-]?key"
)
PATTERNS = [
    # PostgreSQL quotes the row that violates a constraint, on several lines.
    (re.compile(r"DETAIL:.*?(?=\n\n|\Z)", re.DOTALL), "DETAIL: (left out)"),
    # JSON Web Tokens: our own, and TMDb's read token.
    (re.compile(r"\beyJ[\w-]+(?:\.[\w-]+){0,4}"), "(token)"),
    # The username and password in a URL.
    (re.compile(r"(?<=://)\S{0,300}@"), ""),
    (
        re.compile(
            rf"""\b({SECRET_NAMES})\b(["']?\s{{0,3}}[:=]\s{{0,3}}["']?)"""
            r"""(?:(?:Bearer|Basic|Token)\s{1,3})?[^\s"',;&)}\]]+""",
            re.IGNORECASE,
        ),
        r"\1\2(left out)",
    ),
]
E_MAIL = re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def scrubbed(text: str) -> str:
    """Return `text` without secrets, truncated to MAX_LENGTH."""
    if len(text) > MAX_LENGTH:
        text = f"{text[:MAX_LENGTH]}… ({len(text)} characters)"
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    if "@" in text or "%40" in text:
        text = E_MAIL.sub("(email)", text)
    return text

"""What is taken out of every log line and error report: credentials, and what names a person.

Clients choose some of these texts, so no pattern may take more than a few steps a character:
each repetition has an end.
"""

import re

LONGEST = 20_000  # characters of a text that are kept
SECRET_NAMES = (
    r"authorization|cookie|password|passwd|pwd|refresh|secret\w{0,20}|sessionid|token|api[_-]?key"
)
PATTERNS = [
    # PostgreSQL quotes the row that broke a constraint, over several lines.
    (re.compile(r"DETAIL:.*?(?=\n\n|\Z)", re.DOTALL), "DETAIL: (left out)"),
    # JSON Web Tokens, ours and TMDb's.
    (re.compile(r"\beyJ[\w-]+(?:\.[\w-]+){0,4}"), "(token)"),
    # User and password of a URL.
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
    """Return a text without secrets; what is longer than LONGEST is cut off."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… ({len(text)} characters)"
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    if "@" in text or "%40" in text:
        text = E_MAIL.sub("(e-mail)", text)
    return text

"""Documents: the finished JSON bodies of public answers, kept as bytes and answered cache-first.

The life of one key:

                     load succeeds                    fresh_for over
    (nothing) ──────────────────────▶ fresh ────────────────────────────▶ stale
        ▲     one request loads, the    ▲      one request refreshes, the   │
        │     others wait for it        └───── others are answered stale ◀──┤
        │                                      load succeeds                │
        └───────────────────────────────────────────────────────────────────┘
                     kept_for over, or clear_cache

"One request" holds for all threads, processes and machines that share the Redis: a lock in
it, with a token and a time limit (single flight). A load that fails stores nothing: there is
the stale document, else what the database knows, else the error. "TMDb has no such film" is
an answer, kept as a document with status 404 for ten minutes.

Without Redis, or while it is away, all this holds within the process.
"""

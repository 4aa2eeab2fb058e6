"""The cache of documents: the encoded JSON bodies of public answers.

The life cycle of a key:

                     load succeeds                    fresh_for elapses
    (nothing) ──────────────────────▶ fresh ────────────────────────────▶ stale
        ▲     one request loads,        ▲      one request refreshes,       │
        │     the others wait           └───── the others get it stale  ◀───┤
        │                                      load succeeds                │
        └───────────────────────────────────────────────────────────────────┘
                     kept_for elapses, or clear_cache

Only one request loads a key at a time, across all threads, processes and machines that share a
Redis (single flight). A failed load stores nothing. The stale document is served then; if there is
none, the answer from the database; if there is none either, the error. If TMDb does not have a
movie, this is cached too, for ten minutes, as a document with status 404.

Without Redis, or while it is unavailable, the same holds within each process.
"""

"""A built-in catalogue of well-known movies that imitates TMDb's v3 API.

`data` reads catalogue.json, `selection` picks and sorts movies, `dialect` renders them in TMDb's
JSON, and `app` is the WSGI application. `adapter` connects a `requests` session to `app` within the
process. `standin` serves `app` over HTTP, with faults on demand.
"""

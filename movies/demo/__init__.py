"""A built-in catalogue of well-known films that answers as TMDb's v3 API does.

`data` reads catalogue.json, `selection` picks and sorts films, `dialect` writes them as TMDb
does, `app` is the WSGI application over them. `adapter` puts it under a `requests` session in
this process; `standin` serves it over HTTP, with faults on demand.
"""

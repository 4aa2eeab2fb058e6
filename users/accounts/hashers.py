from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id with 19 MiB of memory, two passes and one thread.

    These are the parameters of OWASP's Password Storage Cheat Sheet. Django's defaults take 100 MiB
    for each password, so eight simultaneous logins would exhaust a small machine.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes in one thread.

    The parameters are those of OWASP's Password Storage Cheat Sheet. Django's own take 100 MiB
    for each password: eight simultaneous logins would fill a small machine.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

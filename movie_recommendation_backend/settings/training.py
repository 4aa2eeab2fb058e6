"""Settings of the nightly training, for bin/clock."""

from . import env

# Memory grows with the square of this number. With this default, training fits into a machine of
# 1 GB beside the other services.
TRAIN_MAX_FILMS = env.read("TRAIN_MAX_FILMS", 4000, env.whole(100, 100_000))

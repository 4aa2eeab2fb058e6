"""Settings of the nightly training, for bin/clock."""

from . import env

# Memory grows with the square of this number. With this default, training takes 0.4 GB at most,
# which leaves a machine of 1 GB room for the other services.
TRAIN_MAX_FILMS = env.read("TRAIN_MAX_FILMS", 4000, env.whole(100, 100_000))

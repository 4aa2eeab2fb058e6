"""The five lists share this code. Their differences are in `kinds.LISTS`."""

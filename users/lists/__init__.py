"""The five lists: what they share is written once, what differs stands in `kinds.LISTS`."""

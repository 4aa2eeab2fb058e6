"""What a user might like next, and why.

An app of its own inside `users`, which knows nothing of it: an item-item model that is trained
now and then (`learning`), folded in at request time, and filled up by other sources where there
is little to go by.
"""

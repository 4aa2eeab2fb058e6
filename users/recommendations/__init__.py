"""Recommend movies to a user, and say why.

This app depends on `users`, never the other way round. Training (`learning`) fits an item-item
model from time to time. Requests combine that model with the user's feedback, and fall back on
other sources where the model knows too little.
"""

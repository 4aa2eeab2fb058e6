"""Recommend movies to a user, and say why.

This package imports the rest of `users`, never the other way round. Training (`learning`) fits an
item-item model from time to time. Requests combine that model with the user's feedback, and fall
back on other sources if the model knows too little.
"""

"""The account endpoints. Each validates its input and calls `actions` or `tokens`."""

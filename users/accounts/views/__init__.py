"""The account endpoints. Each validates, calls `accounts` or `tokens`, and answers."""

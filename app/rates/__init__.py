"""Rate limits: so many requests a minute for each client, whichever process answers."""

"""What README's figures come from; each prints a ratio against a peer in one run."""

"""Pictures of how a job learned and of what it cannot do; only the api draws."""

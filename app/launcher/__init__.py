"""`modelmill serve`: every process of the service on one machine, stopped as one."""

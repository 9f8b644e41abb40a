"""Every way to break a running service that the suite knows; see table.py."""

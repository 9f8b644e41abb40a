"""Pictures by the thousand: every change of a bulk prediction happens in here."""

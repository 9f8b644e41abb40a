"""Engine, transactions and schema of the database behind MODELMILL_DATABASE_URL."""

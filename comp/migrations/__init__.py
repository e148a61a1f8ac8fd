"""The steps that make the database: numbered migrations, applied in order."""

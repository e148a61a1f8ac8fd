"""The only SQL: rows to facts and back. Functions take a session and never commit."""

"""One function for each button and command: check, load, decide, save. Plain functions that never commit."""

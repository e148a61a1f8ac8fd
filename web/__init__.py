"""The gates: web pages, commands, and the settings they start with."""

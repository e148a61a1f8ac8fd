"""Sheets in, bytes out."""

"""Forms: what may be typed where, and what is said when it may not."""

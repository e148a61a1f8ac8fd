"""Pages: each view binds a form and calls one service, or reads once and shows a template."""

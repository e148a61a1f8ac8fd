"""Evidence packs: what they are written as, and the script that checks one without the product."""

"""Claims measured against named peers: one script each, run from the root of the checkout."""

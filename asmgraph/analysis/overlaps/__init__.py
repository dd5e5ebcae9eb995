"""Who is in the same cells as whom, and how often chance would have it: presences, null models, strangers."""

"""Privacy: the public dataset, built apart from the full one, holding only what may be published."""

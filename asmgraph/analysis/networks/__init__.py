"""Networks out of the projection: who is tied to whom, drawn for networkx, and directed paths of few steps."""

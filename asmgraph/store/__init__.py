"""The only package that knows a triple store: staging, snapshots, queries and the processes that run them."""

"""The service: pages, JSON and SPARQL over HTTP, on top of the ``asmgraph`` library."""

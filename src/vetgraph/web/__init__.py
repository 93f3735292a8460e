"""The service: pages and the SPARQL endpoint. The only package that imports Flask."""

from vetgraph.web.app import create_app

__all__ = ["create_app"]

"""Toward: a private place where two people find felt safety and turn toward each other."""

__version__ = "0.1.0"

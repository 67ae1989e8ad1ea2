"""What happened, append-only: entry kinds, their stored form, who may see them, and the folds that pages are made of.

Everything a couple does is an entry. Nothing here reads a clock, a key, a file or a network: bytes and entries in,
values out.
"""

"""``python -m toward``."""

from __future__ import annotations

from toward.cli import main

if __name__ == "__main__":
    main()

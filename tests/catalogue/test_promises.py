"""What the words promise of a way back in is what the locks keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.vault.couple import Home
from toward.catalogue import words
from toward.errors import WrongPassphrase

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_says_that_the_sheet_helps_who_forgot_the_passphrase(tmp_path: Path) -> None:
    """The sheet opens nothing by itself; no answer to a wrong passphrase sends somebody to look for it."""
    home = Home(tmp_path)
    mara = home.arrive("Mara")
    with pytest.raises(WrongPassphrase):
        home.vault.sign_in(home.vault.recover(mara.sheet), "not the passphrase")
    assert "sheet" not in words("error.wrong_passphrase.way_out")
    assert "forget your passphrase" in words("person.sheet.lost")
    home.vault.close()

"""The commands on a real folder: what they write, what they ask, what they refuse, and that their page tells it."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.vault.couple import PASSPHRASE, Home
from toward.catalogue import words
from toward.cli import COMMANDS, group
from toward.journal.kinds import CheckIn, Invitation
from toward.practices.library import FOLDER
from toward.vault import Vault, portable
from toward.vault.keys import Kdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from toward.vault import Arrival

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
HEAVY = {"starlette", "sqlalchemy", "uvicorn", "jinja2", "nacl", "msgspec", "rich", "toward.vault", "toward.web"}


class House:
    """A data folder with Mara and Lin in it, and the commands upon it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        home = Home(folder)
        self.mara, self.lin = home.couple()
        self.mara.session.write(CheckIn(felt=3, words="warm bread"))
        self.lin.session.write(Invitation(door="reach", words="a walk?"))
        home.vault.close()

    def run(self, *arguments: str, says: str = "", folder: Path | None = None) -> Result:
        """Run a command here; *says* is what is typed when it asks."""
        return CliRunner().invoke(group, [*arguments, "--data", str(folder or self.folder)], input=says)

    def session_count(self) -> int:
        """How many sessions and devices the database holds."""
        with closing(Vault.open(self.folder)) as vault, vault.database.read() as connection:
            return sum(
                connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 - two names of ours
                for table in ("sessions", "devices")
            )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A home of two at rest."""
    return House(tmp_path / "house")  # type: ignore[return-value]  # a fixture


def typed(arrival: Arrival, *more: str) -> str:
    """Sheet, passphrase and more, as they are typed."""
    return "\n".join([arrival.sheet, PASSPHRASE, *more]) + "\n"


def test_a_backup_comes_back(house: House, tmp_path: Path) -> None:
    """Backup, and restore into an empty folder: everybody is there, and their words open."""
    copy = tmp_path / "copy.toward"
    made = house.run("backup", str(copy))
    assert made.exit_code == 0, made.output
    assert words("terminal.backup.done") in made.output
    assert copy.stat().st_mode & 0o777 == 0o600
    again = house.run("backup", str(copy))
    assert again.exit_code == 1
    assert f"{copy}: File exists. Choose another name" in again.output
    elsewhere = tmp_path / "elsewhere"
    put_back = house.run("restore", str(copy), folder=elsewhere)
    assert put_back.exit_code == 0, put_back.output
    told = house.run("export", "-", says=typed(house.mara), folder=elsewhere)
    assert "warm bread" in told.output


def test_restore_replaces_nobody_by_a_slip(house: House, tmp_path: Path) -> None:
    """Where people are, it wants to be told; a file that is no backup is refused even then."""
    copy = tmp_path / "copy.toward"
    house.run("backup", str(copy))
    refused = house.run("restore", str(copy))
    assert refused.exit_code == 1
    assert "would replace them, and takes --force" in refused.output
    nothing = house.run("restore", str(tmp_path / "nothing"))
    assert f"there is no file {tmp_path / 'nothing'}" in nothing.output
    assert house.run("restore", str(copy), "--force").exit_code == 0
    copy.write_bytes(b"dear diary")
    assert house.run("restore", str(copy), "--force").exit_code == 1
    assert house.run("export", "-", says=typed(house.lin)).exit_code == 0


def test_export_and_import_by_sheet_and_passphrase(house: House, tmp_path: Path) -> None:
    """The file is what the pages give; it comes into another person's space; no device or session stays behind."""
    before = house.session_count()
    file = tmp_path / "mine.json"
    saved = house.run("export", str(file), says=typed(house.mara))
    assert saved.exit_code == 0, saved.output
    assert PASSPHRASE not in saved.output
    assert house.mara.sheet not in saved.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert {item.kind for item in portable.read_file(file.read_bytes()).entries} >= {"checkin", "invitation"}
    assert "is there already" in house.run("export", str(file)).output
    for n in (5, 0):
        came = house.run("import", str(file), says=typed(house.lin))
        assert came.exit_code == 0, came.output
        # What Lin can read already is hers; Mara's name and check-in are new to her space.
        assert words("terminal.import.done", n=2 if n else 0) in came.output
    assert house.session_count() == before
    table = house.run("export", "-", "--check-ins", says=typed(house.mara))
    assert "warm bread" in table.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("one two drei\n" + PASSPHRASE + "\n", "web.field.unknown"),
        ("abandon " * 3 + "\n" + PASSPHRASE + "\n", "web.field.count"),
        ("{sheet}\nnot this one\n", "error.wrong_passphrase.title"),
    ],
)
@pytest.mark.parametrize("command", ["export", "erase", "check"])
def test_wrong_words_open_nothing(house: House, command: str, says: str, told: str) -> None:
    """It ends with 1, says which words do not fit, and nothing is written or deleted."""
    extra = {"export": ["-"], "erase": [], "check": ["--own"]}[command]
    result = house.run(command, *extra, says=says.format(sheet=house.mara.sheet))
    assert result.exit_code == 1
    assert words(told, word="drei", given=3, wanted=12) in result.output
    assert "Traceback" not in result.output
    assert house.run("export", "-", says=typed(house.mara)).exit_code == 0


def test_a_bad_file_is_explained(house: House, tmp_path: Path) -> None:
    """What is wrong and where; nothing comes in; a file that is not there is a wrong use of the command."""
    bad = tmp_path / "bad.json"
    bad.write_text("dear diary", "utf-8")
    refused = house.run("import", str(bad), says=typed(house.mara))
    assert refused.exit_code == 1
    assert words("web.field.file") in refused.output
    assert "JSON" not in refused.output
    bad.write_text('{"format": 5}', "utf-8")
    assert "$.format" in house.run("import", str(bad), says=typed(house.mara)).output
    assert house.run("import", str(tmp_path / "nothing.json")).exit_code == 2
    assert house.run("backup").exit_code == 2


def test_check_sees_what_is_wrong(house: House) -> None:
    """A whole home is well, also by one's own keys; a missing row is told in words, and the command ends with 1."""
    assert words("terminal.check.good") in house.run("check").output
    own = house.run("check", "--own", says=typed(house.mara))
    assert own.exit_code == 0
    assert re.search(r"^\d+ entries of yours read", own.output, re.MULTILINE)
    with closing(Vault.open(house.folder)) as vault, vault.database.plain() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE seq = 1 AND length(ciphertext) = 4096")
    broken = house.run("check")
    assert broken.exit_code == 1
    assert words("terminal.check.gaps", n=2) in broken.output
    assert words("terminal.check.bad") in broken.output


def test_check_reads_practices_of_ones_own(house: House) -> None:
    """A good one is told; a wrong one by its file and field, without a word of the database, and it ends with 1."""
    folder = house.folder / "practices"
    folder.mkdir()
    walk = (FOLDER / "walk.toml").read_text("utf-8").replace('id = "walk"', 'id = "swim"')
    (folder / "swim.toml").write_text(walk, "utf-8")
    good = house.run("check")
    assert good.exit_code == 0
    assert words("practices.check.read", n=1) in good.output
    (folder / "dive.toml").write_text(walk.replace("seconds = 180", "seconds = 0").replace('"swim"', '"dive"'), "utf-8")
    wrong = house.run("check")
    assert wrong.exit_code == 1
    assert "dive.toml: en.steps[0].seconds: " in wrong.output
    assert words("practices.check.wrong") in wrong.output
    assert words("terminal.check.bad") not in wrong.output


def test_erase_wants_the_name(house: House) -> None:
    """Another name deletes nothing; the right one leaves the other person and what they share in."""
    refused = house.run("erase", says=typed(house.mara, "Lin"))
    assert refused.exit_code == 1
    assert words("terminal.erase.other_name") in refused.output
    gone = house.run("erase", says=typed(house.mara, "mara"))
    assert gone.exit_code == 0, gone.output
    with closing(Vault.open(house.folder, kdf=Kdf.TRIVIAL)) as vault:
        assert vault.people() == [house.lin.session.person]
    assert house.run("export", "-", says=typed(house.mara)).exit_code == 1
    assert "a walk?" in house.run("export", "-", says=typed(house.lin)).output


@pytest.mark.parametrize("arguments", [["backup", "x"], ["export", "-"], ["check"], ["erase"]])
def test_no_command_makes_an_empty_home_by_a_slip(house: House, tmp_path: Path, arguments: list[str]) -> None:
    """A folder without a database is named, and stays as it was."""
    empty = tmp_path / "empty"
    result = house.run(*arguments, folder=empty)
    assert result.exit_code == 1
    assert words("terminal.home.none", folder=str(empty)) in result.output
    assert not empty.exists()


def test_a_place_that_cannot_be_written_is_told(house: House, tmp_path: Path) -> None:
    """The system's own word for it, and the way out; no traceback."""
    result = house.run("export", str(tmp_path / "no" / "folder" / "x.json"), says=typed(house.mara))
    assert result.exit_code == 1
    assert "Choose another place" in result.output


# ------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"serve", "demo"}])
def test_help_loads_nothing_heavy(name: str) -> None:
    """So that it is there at once."""
    code = f"import sys\nfrom toward.cli import main\ntry: main([{name!r}, '--help'])\nexcept SystemExit: pass\n"
    code += f"print(sorted({HEAVY!r} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.splitlines()[-1] == "[]"


def test_the_page_tells_the_help_of_every_command() -> None:
    """``docs/commands.md`` has each command's help word for word, and tells of no other."""
    page = PAGE.read_text("utf-8")
    told = dict(re.findall(r"^## toward ([\w-]+)\n.*?^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    assert list(told) == list(COMMANDS)
    for name, text in told.items():
        shown = CliRunner().invoke(group, [name, "--help"], prog_name="toward", terminal_width=80)
        assert text == shown.output, f"docs/commands.md: the help of {name} has changed"

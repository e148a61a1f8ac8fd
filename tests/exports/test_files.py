import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from comp.errors import LoyaltyPayError
from exports.files import whole, write_all_whole, write_whole
from tests.conftest import PROJECT

ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from comp.errors import LoyaltyPayError
from exports.files import write_whole
usual = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))
try:
    write_whole(Path(sys.argv[1]), b"x" * 5000)
except LoyaltyPayError as error:
    print(error)
finally:
    resource.setrlimit(resource.RLIMIT_FSIZE, usual)
"""


A_WORKBOOK_ON_A_FULL_DISK = """
import gc, resource
from comp.errors import LoyaltyPayError
from exports.payroll_workbook import payroll_workbook
from tests.exports.books import sheets
from tests.make import person
made = sheets(people=[person(str(number)) for number in range(400)])
usual = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, usual[1]))
try:
    payroll_workbook(made)
except LoyaltyPayError as error:
    print(error)
finally:
    gc.collect()
    resource.setrlimit(resource.RLIMIT_FSIZE, usual)
"""


REMEDY = "Make room there, or name another folder as TMPDIR. Nothing is left of it."
ROOM = "Nothing is left of it. Make room there, or name another place."


@pytest.mark.parametrize("size", [1_000, 50_000, 200_000])
def test_a_workbook_for_which_there_is_no_room_is_said_and_leaves_no_temporary_file(tmp_path, size):
    """Early, in the middle of a sheet and later; the streams that fail once more while they are closed say nothing."""
    command = [sys.executable, "-c", A_WORKBOOK_ON_A_FULL_DISK.format(size=size)]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603 - our own
    assert done.stdout == f"The workbook cannot be made: there is no room for it in {tmp_path}. {REMEDY}\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def on_a_full_disk(path: Path) -> str:
    """What is said where only a thousand bytes can be written."""
    command = [sys.executable, "-c", ON_A_FULL_DISK, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the test's own command
    return done.stdout.strip()


def test_a_file_is_written_for_its_owner_alone(tmp_path):
    write_whole(tmp_path / "payroll.xlsx", b"content")
    assert (tmp_path / "payroll.xlsx").read_bytes() == b"content"
    assert (tmp_path / "payroll.xlsx").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "payroll.xlsx"]


def test_a_file_that_is_there_is_replaced_whole(tmp_path):
    path = tmp_path / "payroll.xlsx"
    path.write_bytes(b"a longer content than the new one")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_full_disk_leaves_no_half_file(tmp_path):
    path = tmp_path / "payroll.xlsx"
    assert on_a_full_disk(path) == f"{path} cannot be written: File too large. {ROOM}"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_as_it_was(tmp_path):
    path = tmp_path / "payroll.xlsx"
    path.write_bytes(b"old")
    on_a_full_disk(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_whatever_goes_wrong_nothing_is_left_beside_the_file(tmp_path):
    with pytest.raises(TypeError):
        write_whole(tmp_path / "payroll.xlsx", "text instead of bytes")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path):
    path = tmp_path / "nowhere" / "payroll.xlsx"
    with pytest.raises(LoyaltyPayError) as told:
        write_whole(path, b"content")
    assert str(told.value) == f"{path} cannot be written: No such file or directory."


def test_a_folder_in_the_place_of_the_file_is_said_and_stays(tmp_path):
    path = tmp_path / "payroll.xlsx"
    path.mkdir()
    with pytest.raises(LoyaltyPayError, match="Is a directory"):
        write_whole(path, b"content")
    assert list(tmp_path.iterdir()) == [path]


def test_several_files_are_written_for_their_owner_alone(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"old")
    write_all_whole(tmp_path, {"a.csv": b"one", "b.csv": b"two"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"one", "b.csv": b"two"}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_of_several_files_none_is_written_where_one_cannot_be(tmp_path):
    """What stood in the place of the first comes back when the second cannot be put into its own."""
    (tmp_path / "a.csv").write_bytes(b"old")
    (tmp_path / "c.csv").mkdir()
    with pytest.raises(LoyaltyPayError, match=r"c\.csv cannot be written: Is a directory"):
        write_all_whole(tmp_path, {"a.csv": b"one", "b.csv": b"two", "c.csv": b"three", "d.csv": b"four"})
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "c.csv"}
    assert (tmp_path / "a.csv").read_bytes() == b"old"


ALL_ON_A_FULL_DISK = ON_A_FULL_DISK.replace(
    'write_whole(Path(sys.argv[1]), b"x" * 5000)',
    'write_all_whole(Path(sys.argv[1]), {"a.csv": b"new", "b.csv": b"x" * 5000})',
).replace("import write_whole", "import write_all_whole")


def test_a_full_disk_leaves_none_of_several_files_and_the_old_ones_as_they_were(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"old")
    command = [sys.executable, "-c", ALL_ON_A_FULL_DISK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    assert done.stdout.strip() == f"{tmp_path / 'b.csv'} cannot be written: File too large. {ROOM}"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"old"}


def test_a_folder_that_is_not_there_takes_none_of_several_files(tmp_path):
    with pytest.raises(LoyaltyPayError, match="No such file or directory"):
        write_all_whole(tmp_path / "nowhere", {"a.csv": b"one"})


def test_whatever_goes_wrong_nothing_is_left_of_several_files(tmp_path):
    with pytest.raises(TypeError):
        write_all_whole(tmp_path, {"a.csv": b"one", "b.csv": "text instead of bytes"})
    assert list(tmp_path.iterdir()) == []


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.is_char_device(), reason="there is no /dev/full")
def test_what_is_no_file_is_written_and_never_replaced(tmp_path):
    """Through a link of our own, so that a fault here replaces that and no device."""
    full = tmp_path / "full"
    full.symlink_to(FULL)
    with pytest.raises(LoyaltyPayError) as told:
        write_whole(full, b"content")
    assert str(told.value) == f"{full} cannot be written: No space left on device. {ROOM}"
    with pytest.raises(LoyaltyPayError, match="It is no file"):
        write_all_whole(tmp_path, {"full": b"content"})
    assert full.is_symlink()
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def stopped(path, error):
    with whole(path) as file:
        file.write(b"half of it")
        raise error


def test_a_disk_that_fills_up_while_a_file_grows_leaves_the_old_one_and_nothing_beside_it(tmp_path):
    path = tmp_path / "payroll.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(LoyaltyPayError, match="Make room there"):
        stopped(path, OSError(errno.ENOSPC, "No space left on device"))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_somebody_stops_writing_is_not_there(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        stopped(tmp_path / "payroll.xlsx", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []

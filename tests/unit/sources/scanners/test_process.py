"""Nothing that a scanner starts outlives it, and it sees and takes no more than it may."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.stand_ins import write_program

from vigie.ports.scanners import Command
from vigie.sources.scanners.process import Bounds, Ending, clean_environment, execute

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a subreaper")

# Starts a child that leaves its session and process group twice, ignores SIGTERM, and tells
# its own number.
STRAY = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with open(sys.argv[1] + ".part", "w") as file:
            file.write(str(os.getpid()))
        os.rename(sys.argv[1] + ".part", sys.argv[1])
        time.sleep(600)
    os._exit(0)
"""
WAIT_FOR_STRAY = """
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
"""


# Seconds until a program is stopped that has to begin first: longer, where it had not.
PATIENCE = (1.5, 10.0, 60.0)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def read_when_there(path: Path, seconds: float = 60) -> int:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not appear"
        time.sleep(0.01)
    return int(path.read_text())


def test_output_goes_to_files_and_the_exit_code_is_told(tmp_path: Path) -> None:
    program = write_program(
        tmp_path / "program", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)"
    )
    done = execute(Command([str(program)]), tmp_path)
    assert (done.ending, done.code, done.stderr) == (Ending.EXIT, 7, "err\n")
    assert done.stdout.read_text() == "out\n"


def test_there_is_no_standard_input(tmp_path: Path) -> None:
    program = write_program(tmp_path / "program", "import sys; print(repr(sys.stdin.read()))")
    done = execute(Command([str(program)]), tmp_path, Bounds(timeout=20))
    assert done.stdout.read_text() == "''\n"


def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    done = execute(Command([str(tmp_path / "nowhere")]), tmp_path)
    assert done.ending is Ending.UNSTARTABLE
    assert "No such file" in done.error and "nowhere" in done.error


@linux
def test_timeout_ends_grandchildren_that_left_the_session(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    program = write_program(tmp_path / "program", STRAY + "time.sleep(600)")
    for timeout in PATIENCE:
        bounds = Bounds(timeout=timeout, grace=0.2)
        done = execute(Command([str(program), str(pid_file)]), tmp_path, bounds)
        assert done.ending is Ending.TIMEOUT
        if pid_file.exists():
            break
    assert not is_running(int(pid_file.read_text()))


@linux
def test_a_child_left_behind_at_a_good_end_is_ended(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    program = write_program(tmp_path / "program", STRAY + WAIT_FOR_STRAY)
    done = execute(Command([str(program), str(pid_file)]), tmp_path, Bounds(timeout=60))
    assert (done.ending, done.code) == (Ending.EXIT, 0)
    assert not is_running(read_when_there(pid_file))


def test_sigterm_comes_first(tmp_path: Path) -> None:
    script = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('tidied', flush=True), sys.exit(0)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)"
    )
    program = write_program(tmp_path / "program", script)
    for timeout in PATIENCE:
        done = execute(Command([str(program)]), tmp_path, Bounds(timeout=timeout, grace=60))
        assert done.ending is Ending.TIMEOUT
        if done.stdout.read_text():
            break
    assert done.stdout.read_text() == "ready\ntidied\n"


def test_stop_ends_it_from_another_thread(tmp_path: Path) -> None:
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    done = execute(Command(["/bin/sleep", "600"]), tmp_path, stop=stop)
    timer.join()
    assert done.ending is Ending.STOPPED


def test_too_much_output_ends_it_and_is_cut(tmp_path: Path) -> None:
    program = write_program(tmp_path / "program", "while True: print('x' * 1000)")
    done = execute(Command([str(program)]), tmp_path, Bounds(timeout=60, output=100_000))
    assert done.ending is Ending.OUTPUT
    assert done.stdout.stat().st_size == 100_000


def test_of_standard_error_the_end_is_kept(tmp_path: Path) -> None:
    script = "import sys\nfor n in range(200000): print(n, file=sys.stderr)"
    done = execute(Command([str(write_program(tmp_path / "p", script))]), tmp_path)
    assert done.stderr.endswith("199999\n")
    assert len(done.stderr) <= 65536


def test_a_file_may_not_grow_beyond_the_bound(tmp_path: Path) -> None:
    script = "import sys\nwith open(sys.argv[1], 'wb') as f:\n while True: f.write(b'x' * 65536)"
    program = write_program(tmp_path / "program", script)
    big = tmp_path / "big"
    done = execute(
        Command([str(program), str(big)]), tmp_path, Bounds(timeout=60, file=1024 * 1024)
    )
    assert done.ending is Ending.EXIT and done.code != 0
    assert big.stat().st_size == 1024 * 1024


OWNER = """
import sys
from pathlib import Path
from vigie.ports.scanners import Command
from vigie.sources.scanners.process import Bounds, execute
workspace = Path(sys.argv[3]); workspace.mkdir()
(workspace / "report.json").write_text("a secret")
execute(Command([sys.argv[1], sys.argv[2]]), workspace, Bounds(grace=0.2))
"""


@linux
@pytest.mark.usefixtures("in_a_terminal")
@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_our_own_death_ends_everything(tmp_path: Path, name: signal.Signals) -> None:
    pid_file, workspace = tmp_path / "pid", tmp_path / "workspace"
    program = write_program(tmp_path / "program", STRAY + WAIT_FOR_STRAY + "time.sleep(600)")
    script = tmp_path / "owner.py"
    script.write_text(OWNER)
    owner = subprocess.Popen(
        [sys.executable, str(script), str(program), str(pid_file), str(workspace)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    stray = read_when_there(pid_file)
    assert is_running(stray)
    owner.send_signal(name)
    owner.wait(60)
    until = time.monotonic() + 60
    while is_running(stray) or workspace.exists():
        assert time.monotonic() < until, "something outlived us"
        time.sleep(0.02)


def test_the_environment_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIGIE_TOKEN", "VIGIE_DATA", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "OTHER"):
        monkeypatch.setenv(name, "not for them")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("TOOL_MODE", "fast")
    monkeypatch.setenv("TOOL_TOKEN", "not for them")
    program = write_program(
        tmp_path / "program", "import os\nfor k, v in sorted(os.environ.items()): print(f'{k}={v}')"
    )
    done = execute(Command([str(program)], env={"MINE": "1"}, inherits=("TOOL_*",)), tmp_path)
    seen = dict(line.split("=", 1) for line in done.stdout.read_text().splitlines())
    assert "not for them" not in seen.values()
    assert seen["HTTPS_PROXY"] == "http://proxy.example:3128"
    assert (seen["TOOL_MODE"], seen["MINE"]) == ("fast", "1")
    assert seen["TMPDIR"].startswith(str(tmp_path))
    assert seen["PATH"].split(os.pathsep)[0] == str(tmp_path)


def test_names_that_hold_credentials_are_never_inherited() -> None:
    ours = {"PATH": "/bin", "TRIVY_TOKEN": "x", "SEMGREP_APP_TOKEN": "x", "VIGIE_X": "x"}
    assert clean_environment(("TRIVY_*", "SEMGREP_*", "VIGIE_*"), ours) == {"PATH": "/bin"}


def test_a_token_is_inherited_only_by_whoever_names_it_in_full() -> None:
    ours = {"SNYK_TOKEN": "x", "OTHER_TOKEN": "x", "VIGIE_TOKEN": "x"}
    assert clean_environment(("SNYK_TOKEN", "VIGIE_TOKEN"), ours) == {"SNYK_TOKEN": "x"}
    assert clean_environment(("SNYK_*",), ours) == {}


class Hearing:
    """What was heard so far; something may happen when a word of it comes."""

    def __init__(self, word: bytes = b"\xff", then: Callable[[], object] = lambda: None) -> None:
        self.all = b""
        self._word, self._then = word, then

    def __call__(self, data: bytes) -> None:
        self.all += data
        if self._word in self.all:
            self._word = b"\xff"
            self._then()


def test_what_it_writes_is_heard_while_it_runs(tmp_path: Path) -> None:
    # It goes on only when its first line has been heard.
    script = (
        "import os, sys, time\n"
        "print('first', file=sys.stderr, flush=True)\n"
        "while not os.path.exists(sys.argv[1]):\n    time.sleep(0.01)\n"
        "print('out')\nprint('last', file=sys.stderr)"
    )
    program = write_program(tmp_path / "program", script)
    heard = Hearing(b"first\n", (tmp_path / "go on").touch)
    command = Command([str(program), str(tmp_path / "go on")])
    done = execute(command, tmp_path, Bounds(timeout=60), heard=heard)
    assert (done.ending, done.code, done.stderr) == (Ending.EXIT, 0, "first\nlast\n")
    assert heard.all == b"first\nlast\n"


def test_one_that_writes_a_million_lines_waits_for_nobody_and_its_end_is_heard(
    tmp_path: Path,
) -> None:
    script = (
        "import sys\nfor number in range(1_000_000):\n"
        "    sys.stderr.write(f'{number} a line\\0\\n')\nsys.stderr.write('last')\n"
        "open(sys.argv[1], 'w').write('1')"
    )
    written = tmp_path / "written"
    heard = Hearing(b"0 a line", lambda: read_when_there(written))
    program = write_program(tmp_path / "program", script)
    command = Command([str(program), str(written)])
    done = execute(command, tmp_path, Bounds(timeout=120), heard=heard)
    assert done.code == 0
    assert heard.all.startswith(b"0 a line\n1 a line\n")
    assert heard.all.endswith(b"\n999999 a line\nlast")
    assert heard.all.count(b"\0") > 0
    # Every piece between two gaps is as it was written, and nothing comes out of turn.
    pieces = [piece.split(b"\n")[1:-1] for piece in heard.all.split(b"\0")]
    last = -1
    for lines in pieces:
        for place, line in enumerate(lines):
            number = int(line.split()[0])
            assert number == last + 1 if place else number > last
            last = number


def test_what_there_was_no_room_for_is_heard_while_it_is_silent(tmp_path: Path) -> None:
    # Twice as much as a pipe holds, and nothing more until the last of it has been heard.
    script = (
        "import os, sys, time\nsys.stderr.write('a line\\n' * 18_000 + 'last\\n')\n"
        "open(sys.argv[1], 'w').write('1')\n"
        "while not os.path.exists(sys.argv[2]):\n    time.sleep(0.01)"
    )
    written, go_on = tmp_path / "written", tmp_path / "go on"
    program = write_program(tmp_path / "program", script)
    heard = Hearing(b"a line", lambda: read_when_there(written))
    told = Hearing(b"last\n", go_on.touch)

    def both(data: bytes) -> None:
        heard(data)
        told(data)

    command = Command([str(program), str(written), str(go_on)])
    done = execute(command, tmp_path, Bounds(timeout=60), heard=both)
    assert (done.ending, done.code) == (Ending.EXIT, 0)


def test_who_is_stopped_is_not_listened_to_any_more(tmp_path: Path) -> None:
    script = "import sys\nwhile True:\n    print('a line', file=sys.stderr)"
    stop = threading.Event()
    program = write_program(tmp_path / "program", script)
    heard = Hearing(b"a line", stop.set)
    bounds = Bounds(timeout=60, grace=0.1)
    done = execute(Command([str(program)]), tmp_path, bounds, stop=stop, heard=heard)
    assert done.ending is Ending.STOPPED
    assert heard.all


def test_when_hearing_fails_the_scanner_is_ended_and_the_failure_shows(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = (
        "import os, sys, time\nopen(sys.argv[1], 'w').write(str(os.getpid()))\n"
        "print('a line', file=sys.stderr, flush=True)\ntime.sleep(600)"
    )
    program = write_program(tmp_path / "program", script)

    def heard(data: bytes) -> None:
        if data:
            raise ValueError("broken")

    workspace = tmp_path / "workspace"
    workspace.mkdir()
    with pytest.raises(ValueError, match="broken"):
        execute(Command([str(program), str(pid_file)]), workspace, Bounds(timeout=60), heard=heard)
    assert not is_running(read_when_there(pid_file))

"""As which user do the embedded servers run? PostgreSQL refuses root, so root lends them to `nobody`."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SERVANT = "nobody"
CAP_DAC_READ_SEARCH = 2  # linux/capability.h


def is_root() -> bool:
    """Will say whether a less powerful user is needed."""
    return os.geteuid() == 0


def own_folder(path: Path) -> Path:
    """Will make a folder that the servers may write to and that nobody else may read."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    _give(path)
    return path


def command(arguments: Sequence[str | Path], reaching: Sequence[Path]) -> list[str]:
    """Will give the command line that runs `arguments` as the right user.

    `reaching` are the paths it must get at. Where one lies in a folder that only root may enter (a
    checkout in root's home), the server gets the right to search folders; nothing is opened to others.
    """
    plain = [str(argument) for argument in arguments]
    if not is_root():
        return plain
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise FileNotFoundError(
            "As root, PostgreSQL needs setpriv (package util-linux): install it, or work as another user."
        )
    drop = [setpriv, "--reuid", SERVANT, "--regid", str(pwd.getpwnam(SERVANT).pw_gid), "--clear-groups"]
    if not all(_open_to_all(path) for path in reaching):
        # The securebit lets access(2), with which PostgreSQL looks for its own parts, honor that right.
        drop += ["--securebits", "+no_setuid_fixup"]
        right = "+" + _right_to_search()
        drop += ["--inh-caps", right, "--ambient-caps", right]
    return [*drop, *plain]


def run(arguments: Sequence[str | Path], reaching: Sequence[Path], log: Path) -> bool:
    """Will run a command as the right user, append what it says to `log`, and say whether it succeeded."""
    with log.open("ab") as output:
        _give(log)
        finished = subprocess.run(
            command(arguments, reaching),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            check=False,
        )
    return finished.returncode == 0


def _right_to_search() -> str:
    """The smaller right, where this root has it; containers keep only the larger one."""
    status = Path("/proc/self/status").read_text()
    held = re.search(r"^CapEff:\s*(\w+)", status, re.MULTILINE)
    return "dac_read_search" if held and int(held[1], 16) & 1 << CAP_DAC_READ_SEARCH else "dac_override"


def _give(path: Path) -> None:
    if is_root():
        servant = pwd.getpwnam(SERVANT)
        os.chown(path, servant.pw_uid, servant.pw_gid)


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)

"""Which keys does a checkout use that was given none? Its own, made once and kept in var/."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """The keys of one development checkout."""

    secret_key: str
    field_key: str


def load_or_make_keys(var: Path) -> Keys:
    """Will read the checkout's keys, making them the first time; safe when many processes start at once."""
    file = var / "keys.json"
    if not file.exists():
        var.mkdir(parents=True, exist_ok=True)
        draft = var / f"keys.json.{os.getpid()}"
        made = Keys(
            secret_key=secrets.token_urlsafe(50),
            field_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        )
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(json.dumps(asdict(made)))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # Another process was first; its keys are the checkout's.
        finally:
            draft.unlink()
    return Keys(**json.loads(file.read_text()))

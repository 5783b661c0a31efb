"""Is bad configuration refused at start, by the setting's name and with what to do? [OPS-3]"""

import ast
import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from integrations.messaging.registry import GATEWAYS
from medspa import environment
from medspa.operator_gateways import RATE, URL, variable
from medspa.reader import SettingsRefused

FIELD_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "DEPLOYMENT": "production",
    "SECRET_KEY": "s" * 50,
    "FIELD_KEYS": FIELD_KEY,
    "PUBLIC_URL": "https://medspa.example",
    "DATABASE_URL": "postgres://medspa_app:one@database/medspa",
    "DATABASE_OWNER_URL": "postgres://medspa_owner:two@database/medspa",
    "REDIS_URL": "redis://broker:6379/0",
    "EMAIL_URL": "smtp+tls://medspa:three@mail:587",
}


def refusals(variables: dict[str, str], var: Path) -> dict[str, str]:
    with pytest.raises(SettingsRefused) as refused:
        environment.read(variables, var)
    return refused.value.problems


def test_production_starts_with_its_eight_settings(tmp_path: Path) -> None:
    read = environment.read(PRODUCTION, tmp_path)

    assert read.is_production
    assert read.allowed_hosts == ("medspa.example",)
    assert read.field_keys == (FIELD_KEY,)
    assert read.email_from == "medspa <no-reply@medspa.example>"
    assert list(tmp_path.iterdir()) == [], "production makes no keys and no servers of its own"


def test_web_and_workers_need_not_know_the_owner(tmp_path: Path) -> None:
    without = {name: value for name, value in PRODUCTION.items() if name != "DATABASE_OWNER_URL"}

    assert environment.read(without, tmp_path).database_owner_url is None


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "FIELD_KEYS", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"], ids=str.lower
)
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_production_refuses_to_start_without(name: str, how: str, tmp_path: Path) -> None:
    variables = {key: value for key, value in PRODUCTION.items() if key != name}
    if how == "empty":
        variables[name] = ""

    problems = refusals(variables, tmp_path)

    assert list(problems) == [name]
    assert "missing" in problems[name]


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("DEPLOYMENT", "staging", "one of development, production"),
        ("SECRET_KEY", "short", "make one with"),
        ("FIELD_KEYS", f"{FIELD_KEY},hunter2", "at place 2"),
        ("PUBLIC_URL", "http://medspa.example", "https://"),
        ("PUBLIC_URL", "https://medspa.example/app", "no path"),
        ("PUBLIC_URL", "medspa.example", "must look like"),
        ("DATABASE_URL", "mysql://medspa_app:one@database/medspa", "postgres://"),
        ("DATABASE_URL", "sqlite:///medspa.db", "postgres://"),
        ("DATABASE_URL", "postgres:///medspa", "names no host"),
        ("DATABASE_URL", "postgres://medspa_owner:two@database/medspa", "give it medspa_app"),
        ("DATABASE_OWNER_URL", "owner", "postgres://"),
        ("REDIS_URL", "amqp://broker", "redis://"),
        ("EMAIL_URL", "https://mail", "smtp+tls://"),
        ("EMAIL_URL", "smtp+tls:///mail", "names no host"),
        ("EMAIL_FROM", "medspa", "must look like"),
        ("ALLOWED_HOSTS", "*", "name the hosts"),
        ("DEBUG", "true", "remove it"),
        ("DEBUG", "maybe", "true or false"),
        ("BEHIND_TLS_PROXY", "2", "true or false"),
        ("PORT", "99999", "from 1 to 65535"),
        ("PORT", "http", "whole number"),
        ("DATABASE_STATEMENT_SECONDS", "0", "from 1 to"),
        ("DATABASE_CONN_MAX_AGE_SECONDS", "-1", "from 0 to"),
        ("LOG_LEVEL", "LOUD", "one of DEBUG"),
    ],
)
def test_a_wrong_setting_is_refused_with_the_remedy(name: str, value: str, remedy: str, tmp_path: Path) -> None:
    problems = refusals(PRODUCTION | {name: value}, tmp_path)

    assert remedy in problems[name]


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    assert set(refusals(PRODUCTION | {"PORT": "x", "REDIS_URL": "x", "LOG_LEVEL": "x"}, tmp_path)) == {
        "PORT",
        "REDIS_URL",
        "LOG_LEVEL",
    }


def test_a_refused_address_does_not_tell_its_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused) as refused:
        environment.read(PRODUCTION | {"DATABASE_URL": "mysql://medspa_app:hunter2@database/medspa"}, tmp_path)

    assert "hunter2" not in str(refused.value)


def test_half_a_database_is_refused_in_development(tmp_path: Path) -> None:
    problems = refusals({"DATABASE_OWNER_URL": PRODUCTION["DATABASE_OWNER_URL"]}, tmp_path)

    assert "set both, or neither" in problems["DATABASE_URL"]


def test_a_development_checkout_keeps_the_keys_it_made(tmp_path: Path) -> None:
    addresses = {name: PRODUCTION[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}

    first = environment.read(addresses, tmp_path)
    second = environment.read(addresses, tmp_path)

    assert (first.secret_key, first.field_keys) == (second.secret_key, second.field_keys)
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0, "nobody else may read them"


def test_a_command_that_is_refused_says_so_without_a_traceback() -> None:
    finished = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**os.environ, "DEPLOYMENT": "staging"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 1
    assert "DEPLOYMENT is 'staging'" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_every_setting_is_explained_in_the_example() -> None:
    example = (settings.BASE_DIR / ".env.example").read_text()
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, flags=re.MULTILINE))
    read = {
        call.args[0].value
        for name in ("environment.py", "web.py")
        for call in ast.walk(ast.parse((settings.BASE_DIR / "medspa" / name).read_text()))
        if isinstance(call, ast.Call) and "reader" in ast.unparse(call.func).split(".")[0]
        if call.args and isinstance(call.args[0], ast.Constant)
    }

    of_gateways = {
        variable(kind, name)
        for kind in GATEWAYS.values()
        if kind.fields
        for name in (URL, RATE, *(each.name for each in kind.fields))
    }

    assert explained == read | of_gateways


def test_no_field_of_a_gateway_takes_the_name_of_another_setting() -> None:
    for kind in GATEWAYS.values():
        names = [each.name for each in kind.fields]
        assert len({*names, "account", RATE.lower(), URL.lower()}) == len(names) + 3, kind.key


SID = "AC" + "0" * 32
TWILIO = {"TWILIO_SMS_ACCOUNT_SID": SID, "TWILIO_SMS_AUTH_TOKEN": "t" * 32}


def test_the_operators_accounts_come_from_the_environment(tmp_path: Path) -> None:
    given = TWILIO | {"TWILIO_SMS_SENDS_PER_SECOND": "12.5", "TWILIO_SMS_URL": "https://stand-in.example/twilio/"}

    gateways = environment.read(PRODUCTION | given, tmp_path).gateways

    assert gateways.accounts == {"twilio_sms": {"account_sid": SID, "auth_token": "t" * 32}}
    assert (gateways.rates, gateways.urls) == (
        {"twilio_sms": 12.5},
        {"twilio_sms": "https://stand-in.example/twilio"},
    )
    assert "tttt" not in repr(gateways)


def test_what_a_practice_may_have_of_its_own_the_operator_may_leave_out(tmp_path: Path) -> None:
    read = environment.read(PRODUCTION | {"SENDGRID_EMAIL_API_KEY": "SG." + "k" * 20}, tmp_path)

    assert read.gateways.accounts == {"sendgrid_email": {"api_key": "SG." + "k" * 20}}


@pytest.mark.parametrize(
    ("given", "name", "remedy"),
    [
        ({"TWILIO_SMS_ACCOUNT_SID": SID}, "TWILIO_SMS_AUTH_TOKEN", "is missing beside the others"),
        (TWILIO | {"TWILIO_SMS_ACCOUNT_SID": "hunter2"}, "TWILIO_SMS_ACCOUNT_SID", "does not look like"),
        (TWILIO | {"TWILIO_SMS_SENDS_PER_SECOND": "fast"}, "TWILIO_SMS_SENDS_PER_SECOND", "a number from"),
        (TWILIO | {"TWILIO_SMS_SENDS_PER_SECOND": "0"}, "TWILIO_SMS_SENDS_PER_SECOND", "a number from"),
        (TWILIO | {"TWILIO_SMS_SENDS_PER_SECOND": "nan"}, "TWILIO_SMS_SENDS_PER_SECOND", "a number from"),
        ({"TWILIO_SMS_URL": "http://127.0.0.1:8090/twilio"}, "TWILIO_SMS_URL", "must begin with https://"),
        ({"PODIUM_URL": "podium"}, "PODIUM_URL", "must begin with https://"),
        ({"METRICS_TOKEN": "hunter2"}, "METRICS_TOKEN", "at least 32"),
    ],
)
def test_a_carrier_that_cannot_work_is_refused_without_telling_its_secret(
    given: dict[str, str], name: str, remedy: str, tmp_path: Path
) -> None:
    problems = refusals(PRODUCTION | given, tmp_path)

    assert list(problems) == [name]
    assert remedy in problems[name]
    assert "hunter2" not in problems[name]


def test_a_stand_in_may_be_on_this_machine_in_development(tmp_path: Path) -> None:
    addresses = {
        "DATABASE_URL": "postgres://medspa_app:one@database/medspa",
        "REDIS_URL": "redis://broker:6379/0",
        "TWILIO_SMS_URL": "http://127.0.0.1:8090/twilio",
    }
    read = environment.read(addresses, tmp_path)
    assert read.gateways.urls == {"twilio_sms": "http://127.0.0.1:8090/twilio"}
    assert read.gateways.accounts == {}

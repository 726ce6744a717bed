"""Take a registration: the answer and its cost are the same whether or not the address is known here."""

import json

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.jobs import REGISTER
from apps.accounts.services.check_password_policy import check_password_policy
from apps.core import jobs
from apps.core.encryption import encrypt
from apps.core.errors import FieldFault, InvalidInput


def request_registration(*, email: str, name: str, password: str) -> None:
    """Hash the password and leave the rest to a job, which writes to the address. Raises InvalidInput, PasswordRefused.

    Looking the address up here would tell, by the answer or by its speed, who has an account.
    """
    if not email.isascii():  # letters that only look alike must not make a second person
        fault = FieldFault("/email", "Write the address in plain letters, without accents.")
        raise InvalidInput("The address is not usable.", faults=(fault,))
    check_password_policy(email=email, name=name, password=password)
    details = {"email": email, "name": name, "password": make_password(password)}
    with transaction.atomic():
        jobs.enqueue(REGISTER, queue="critical", sealed=encrypt(json.dumps(details)))

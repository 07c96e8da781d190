"""Reads accounts that were saved as JSON."""

from __future__ import annotations

import json

from darkhours.model.account import Account
from darkhours.model.document import account_from_document
from darkhours.model.document_schema import OUTAGES
from darkhours.model.errors import InputError, Problem


def read_accounts(file: str, text: str) -> list[Account]:
    """Return the accounts of a document: one, or all those of a ``darkhours.outages/1``.

    Args:
        file: name of the file, for the messages.
        text: what it holds.

    Raises:
        InputError: it is no such document; every problem is named.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        message = f"expected an account as JSON (darkhours account CASE --json), got something else: {reason}"
        raise InputError(file, [Problem("", message)]) from error
    if isinstance(document, dict) and document.get("schema") == OUTAGES:
        listed = document.get("accounts")
        accounts = listed if isinstance(listed, list) else []
        return [account_from_document(item, f"{file}: accounts[{i}]") for i, item in enumerate(accounts)]
    return [account_from_document(document, file)]

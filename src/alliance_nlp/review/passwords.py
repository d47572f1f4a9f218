"""Passwords and session tokens: how they are made, kept and compared."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import Account

LEAST_LENGTH = 12
MOST_LENGTH = 1024  # a longer one only costs the hasher time
_LEAST_CHARACTERS = 5
_NAME = re.compile(r"\w[\w.@+-]{0,63}")
# RFC 9106's second recommended choice, for hosts with little memory, which is argon2-cffi's own.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)


def check_account_name(name: str) -> str:
    """Return the name as it is kept; letters, digits and ``. _ @ + -``, 64 at most.

    Raises
    ------
    InputError
        If it is no name.
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    if not _NAME.fullmatch(plain):
        raise InputError(
            f"{name!r} is no account name; use letters, digits and . _ @ + -, at most 64, with a "
            "letter or a digit first"
        )
    return plain


def check_password(text: str, *, name: str = "") -> None:
    """Refuse a password that is too easy to guess.

    Parameters
    ----------
    name
        The account's, which may not be its own password.

    Raises
    ------
    InputError
        If it is shorter than 12 characters or longer than 1,024, the name (alone or repeated), or
        of fewer than five different characters.
    """
    plain = _plain(text)
    if len(plain) < LEAST_LENGTH:
        raise InputError(
            f"the password has {len(plain)} characters; it needs {LEAST_LENGTH} or more, four "
            "random words do well"
        )
    if len(plain) > MOST_LENGTH:
        raise InputError(f"the password is longer than {MOST_LENGTH} characters; shorten it")
    told, own = plain.casefold(), _plain(name).casefold()
    if own and not told.replace(own, "").strip(" -_.0123456789"):
        raise InputError("the password is the account's name; choose another")
    if len(set(told)) < _LEAST_CHARACTERS:
        raise InputError(
            f"the password has fewer than {_LEAST_CHARACTERS} different characters; choose another"
        )


def hash_password(password: str) -> str:
    """Return an Argon2id string with its salt and parameters in it."""
    return _HASHER.hash(_plain(password))


def password_fits(account: Account | None, password: str) -> bool:
    """Tell whether an account's password is this one; a disabled or absent account's never is.

    It takes as long for an account that does not exist, so the time does not tell names.
    """
    known = account is not None and account.disabled_at is None
    kept = account.password_hash if account is not None and known else _no_ones_hash()
    if len(password) > MOST_LENGTH:
        return False
    try:
        return _HASHER.verify(kept, _plain(password)) and known
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(account: Account) -> bool:
    """Tell whether the password was hashed with other parameters than today's.

    If so, hash it anew when it is next given.
    """
    try:
        return _HASHER.check_needs_rehash(account.password_hash)
    except InvalidHashError:
        return True


def new_token() -> str:
    """Return 43 characters that nobody can guess (256 bits), for a session or a start."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token; it needs no salt, as nobody guesses 256 bits."""
    return sha256_hex(token.encode("utf-8", "surrogatepass"))


@cache
def _no_ones_hash() -> str:
    return hash_password(new_token())


def _plain(text: str) -> str:
    # One password typed on two keyboards may come composed or decomposed. Lone surrogates, which
    # only a broken client sends, have no bytes to hash.
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode())

"""A key pair that nobody has to keep: RSA from the archive's own draws, to sign its digest files as CloudTrail does."""

import base64
import functools
import hashlib

from .records import Chance

_EXPONENT = 65537
_SMALL_PRIMES = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n ** 0.5) + 1, 2))]
# The DER form of "this is a SHA-256 hash", which PKCS #1 v1.5 puts in front of the hash.
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


def _is_prime(number, chance):
    if any(number % small == 0 for small in _SMALL_PRIMES):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(8):
        power = pow(2 + chance.below(1 << 60), odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def _prime(chance, bits):
    """A prime with its two highest bits set, so that the product of two has twice its bits."""
    while True:
        drawn = int("".join(chance.hex(64) for _ in range(bits // 256)), 16)
        candidate = drawn | 3 << (bits - 2) | 1
        if candidate % _EXPONENT != 1 and _is_prime(candidate, chance):
            return candidate


@functools.cache
def key(number=0, bits=2048):
    """(modulus, private exponent); number 1 follows number 0 when that ends."""
    chance = Chance("digest key", number) if number else Chance("digest key")
    p, q = _prime(chance, bits // 2), _prime(chance, bits // 2)
    return p * q, pow(_EXPONENT, -1, (p - 1) * (q - 1))


def sign(text, number=0):
    """SHA256withRSA, in hexadecimal."""
    modulus, private = key(number)
    size = (modulus.bit_length() + 7) // 8
    digest = _SHA256_PREFIX + hashlib.sha256(text.encode()).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(padded, "big"), private, modulus).to_bytes(size, "big").hex()


def _der(tag, content):
    length = len(content)
    if length < 128:
        head = bytes([length])
    else:
        size = (length.bit_length() + 7) // 8
        head = bytes([0x80 | size]) + length.to_bytes(size, "big")
    return bytes([tag]) + head + content


def _integer(number):
    return _der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


@functools.cache
def public_key(number=0):
    """The public key as PKCS #1 DER, the form in which `aws cloudtrail list-public-keys` gives it."""
    return _der(0x30, _integer(key(number)[0]) + _integer(_EXPONENT))


def fingerprint(number=0):
    """32 hexadecimal digits; AWS does not document how its own are made."""
    return hashlib.md5(public_key(number)).hexdigest()


def public_keys():
    """The output of `aws cloudtrail list-public-keys` for the time of the archive."""
    validity = ("2026-10-01T00:00:00+00:00", "2026-11-25T00:00:00+00:00"), ("2026-11-19T06:00:00+00:00", "2027-01-01T00:00:00+00:00")
    return {"PublicKeyList": [{
        "Value": base64.b64encode(public_key(number)).decode(), "ValidityStartTime": start, "ValidityEndTime": end,
        "Fingerprint": fingerprint(number)} for number, (start, end) in enumerate(validity)]}

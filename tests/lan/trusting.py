"""Tell Chromium to trust an authority as somebody at home would: in the store that it reads, with nothing switched off.

    python trusting.py FOLDER AUTHORITY.crt

Chromium on Linux takes what its owner trusts from an NSS database in the home folder. ``libnss3`` is there wherever
Chromium runs (it is linked with it), ``certutil`` is not, so the few calls that ``certutil -A -t C,,`` makes are made
here. A process of its own, since NSS keeps its state for a process's life.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

TRUSTED_TO_VOUCH_FOR_SERVERS = 1 << 4 | 1 << 3  # CERTDB_TRUSTED_CA | CERTDB_VALID_CA


class Trust(ctypes.Structure):
    """``CERTCertTrust`` of certt.h."""

    _fields_ = [("ssl", ctypes.c_uint), ("email", ctypes.c_uint), ("code", ctypes.c_uint)]


def trust(folder: Path, authority: bytes) -> None:
    """Make an NSS database in *folder* and trust *authority* (DER) in it."""
    folder.mkdir(parents=True, exist_ok=True)
    nss, smime, errors = ctypes.CDLL("libnss3.so"), ctypes.CDLL("libsmime3.so"), ctypes.CDLL("libnssutil3.so")
    pointer = ctypes.c_void_p
    nss.PK11_GetInternalKeySlot.restype = pointer
    nss.CERT_GetDefaultCertDB.restype = pointer
    smime.CERT_DecodeCertFromPackage.restype = pointer
    smime.CERT_DecodeCertFromPackage.argtypes = [ctypes.c_char_p, ctypes.c_int]
    nss.PK11_InitPin.argtypes = [pointer, ctypes.c_char_p, ctypes.c_char_p]
    nss.PK11_ImportCert.argtypes = [pointer, pointer, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_int]
    nss.CERT_ChangeCertTrust.argtypes = [pointer, pointer, ctypes.POINTER(Trust)]

    def done(what: str, result: int) -> None:
        if result:
            sys.exit(f"{what}: NSS error {errors.PORT_GetError_Util()}")

    done("init", nss.NSS_InitReadWrite(f"sql:{folder}".encode()))
    slot = nss.PK11_GetInternalKeySlot()
    if nss.PK11_NeedUserInit(pointer(slot)):
        done("pin", nss.PK11_InitPin(slot, None, b""))
    certificate = smime.CERT_DecodeCertFromPackage(authority, len(authority))
    done("decode", not certificate)
    done("import", nss.PK11_ImportCert(slot, certificate, 0, b"home", 0))
    trust_bits = Trust(TRUSTED_TO_VOUCH_FOR_SERVERS, 0, 0)
    done("trust", nss.CERT_ChangeCertTrust(nss.CERT_GetDefaultCertDB(), certificate, ctypes.byref(trust_bits)))
    nss.CERT_DestroyCertificate(pointer(certificate))
    nss.PK11_FreeSlot(pointer(slot))
    done("close", nss.NSS_Shutdown())


if __name__ == "__main__":
    trust(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes())

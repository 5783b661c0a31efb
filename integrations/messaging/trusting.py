"""Whom does a gateway believe that it is the vendor?"""

import functools
import ssl

import httpx


@functools.cache
def trust(library: str) -> ssl.SSLContext:  # noqa: ARG001 - one each
    """The authorities by which a vendor proves its name, the same for all gateways: certifi's, or SSL_CERT_FILE's.

    Read once: it takes a tenth of a second, longer than a message. `library`: who uses it; each has one of its own,
    because some change it.
    """
    return httpx.create_ssl_context()

"""The private CA of an installation, by which clients verify its stores."""

from __future__ import annotations

# The secret with the certificate of the CA (infra/certificates.sh).
CA = "ca"

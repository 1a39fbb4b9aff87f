"""The VPC's name server: it knows only the records of the account's zones."""

from __future__ import annotations

from dnslib import QTYPE, RCODE, RR, A, DNSRecord
from dnslib.server import BaseResolver, DNSHandler, DNSLogger, DNSServer

TTL_S = 5
# Name with a dot at its end → addresses; __main__ updates it.
records: dict[str, list[str]] = {}


class Zones(BaseResolver):
    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        reply = request.reply()
        name = str(request.q.qname).lower()
        if name not in records:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.A:
            for address in records[name]:
                reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address), ttl=TTL_S))
        return reply


def serve() -> None:
    for tcp in (False, True):
        DNSServer(Zones(), port=53, tcp=tcp, logger=DNSLogger("-request,-reply")).start_thread()

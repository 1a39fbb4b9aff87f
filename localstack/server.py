"""LocalStack with corrections: without them Terraform sees changes where there are none, and
resources remain that EC2 removes.

https://github.com/localstack/localstack, services/ec2/provider.py, and moto's ec2/
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from localstack.runtime.main import main
from localstack.services.ec2.provider import Ec2Provider
from localstack.utils.patch import patch
from moto.ec2 import ec2_backends
from moto.ec2.models.dhcp_options import DHCPOptionsSetBackend
from moto.ec2.models.instances import Instance
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.dhcp_options import DHCPOptions


@patch(DHCPOptions.create_dhcp_options)
def create_dhcp_options(create: Callable[..., Any], self: Any) -> Any:
    """Keep the tags of the request, which moto drops."""
    backend: DHCPOptionsSetBackend = self.ec2_backend
    before = set(backend.dhcp_options_sets)
    answer = create(self)
    [made] = set(backend.dhcp_options_sets) - before
    for specification in self._get_param("TagSpecifications", []):
        tags = {tag["Key"]: tag["Value"] for tag in specification.get("Tags", [])}
        backend.dhcp_options_sets[made].add_tags(tags)
    return answer


@patch(SecurityGroupRule.__init__)
def new_rule(init: Callable[..., None], self: Any, *given: Any, **named: Any) -> None:
    """Keep the description of the peer; moto shows only that of an address range."""
    init(self, *given, **named)
    for peer in (*given, *named.values()):
        if isinstance(peer, dict) and "Description" in peer:
            self.ip_range["Description"] = peer["Description"]


@patch(Instance.reboot)
def reboot(reboot: Callable[..., None], self: Any) -> None:
    """Record the reboot, for machines/; moto does not."""
    reboot(self)
    self._reason = f"User initiated reboot ({datetime.now(timezone.utc):%F %T.%f})"


@patch(Instance.terminate)
def terminate(terminate: Callable[..., Any], self: Any) -> Any:
    """Remove the interface too, which moto keeps."""
    for interface in self.nics.values():
        interface.delete_on_termination = True
    return terminate(self)


@patch(Ec2Provider.describe_vpc_endpoints)
def describe_vpc_endpoints(
    describe: Callable[..., Any], self: Any, context: Any, request: Any
) -> Any:
    """Return policies as they were put; LocalStack removes their Version."""
    result = describe(self, context, request)
    known = ec2_backends[context.account_id][context.region].vpc_end_points
    for endpoint in result["VpcEndpoints"]:
        endpoint["PolicyDocument"] = known[endpoint["VpcEndpointId"]].policy_document
    return result


if __name__ == "__main__":
    main()

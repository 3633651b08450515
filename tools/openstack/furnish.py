"""What is in the cloud before a test comes: accounts, catalogue, federation, flavors, images, networks."""
import json
import time
import urllib.error
import urllib.request

from configs import REGION
from services import Fail

VOS = ("vo.alpha.example", "vo.beta.example")


class Cloud:
    """Just enough of a client to furnish the cloud as its administrator."""

    def __init__(self, conf):
        self.base = {n: "http://127.0.0.1:%d" % p for n, p in conf["ports"].items()}
        self.token = None
        body = {"auth": {"identity": {"methods": ["password"], "password": {"user": {
            "name": "admin", "domain": {"id": "default"}, "password": conf["admin_password"]}}},
            "scope": {"project": {"name": "admin", "domain": {"id": "default"}}}}}
        _, headers = self.send("POST", "keystone", "/v3/auth/tokens", body)
        self.token = headers["X-Subject-Token"]

    def send(self, method, service, path, body=None, **headers):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        request = urllib.request.Request(self.base[service] + path, data=data, method=method)
        request.add_header("Content-Type", headers.pop("content_type", "application/json"))
        if self.token:
            request.add_header("X-Auth-Token", self.token)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                text = reply.read()
                return (json.loads(text) if text else None), reply.headers
        except urllib.error.HTTPError as reply:
            raise Fail("%s %s%s: %d %s" % (method, self.base[service], path, reply.code,
                                           reply.read().decode(errors="replace")[:500])) from None

    def make(self, service, path, kind, **fields):
        return self.send("POST", service, path, {kind: fields})[0][kind]


def identity(conf):
    cloud, host = Cloud(conf), "http://127.0.0.1"

    def make(path, kind, **fields):
        return cloud.make("keystone", "/v3" + path, kind, **fields)

    roles = {r["name"]: r["id"] for r in cloud.send("GET", "keystone", "/v3/roles")[0]["roles"]}
    if "service" not in roles:
        roles["service"] = make("/roles", "role", name="service")["id"]
    service = make("/projects", "project", name="service", domain_id="default")["id"]
    for name in ("placement", "glance", "nova", "neutron"):
        user = make("/users", "user", name=name, domain_id="default", password=conf["service_password"])["id"]
        for role in ("admin", "service"):
            cloud.send("PUT", "keystone", "/v3/projects/%s/users/%s/roles/%s" % (service, user, roles[role]))
    for kind, name, tail in (("compute", "nova", "/v2.1"), ("image", "glance", ""), ("network", "neutron", ""),
                             ("placement", "placement", "")):
        sid = make("/services", "service", type=kind, name=name)["id"]
        for interface in ("public", "internal", "admin"):
            make("/endpoints", "endpoint", service_id=sid, interface=interface, region_id=REGION,
                 url="%s:%d%s" % (host, conf["ports"][name], tail))
    # one project and one group per virtual organisation; membership comes from the token's entitlements
    rules, conf["projects"] = [], {}
    for vo in VOS:
        project = make("/projects", "project", name=vo, domain_id="default")["id"]
        group = make("/groups", "group", name=vo, domain_id="default")["id"]
        for role in ("member", "reader"):
            cloud.send("PUT", "keystone", "/v3/projects/%s/groups/%s/roles/%s" % (project, group, roles[role]))
        conf["projects"][vo] = project
        rules.append({
            "local": [{"user": {"name": "{0}", "email": "{1}"}, "group": {"id": group}}],
            "remote": [{"type": "HTTP_OIDC_SUB"}, {"type": "HTTP_OIDC_EMAIL"},
                       {"type": "HTTP_OIDC_ISS", "any_one_of": [conf["issuer"]]},
                       {"type": "HTTP_OIDC_EDUPERSON_ENTITLEMENT", "regex": True, "any_one_of": [
                           r"^urn:mace:egi\.eu:group:%s:role=(member|vm_operator)#aai\.egi\.eu$"
                           % vo.replace(".", r"\.")]}]})
    cloud.send("PUT", "keystone", "/v3/OS-FEDERATION/identity_providers/" + conf["idp"], {"identity_provider": {
        "enabled": True, "remote_ids": [conf["issuer"]], "authorization_ttl": 60}})
    cloud.send("PUT", "keystone", "/v3/OS-FEDERATION/mappings/egi-mapping", {"mapping": {"rules": rules}})
    for protocol in conf["protocols"]:
        cloud.send("PUT", "keystone", "/v3/OS-FEDERATION/identity_providers/%s/protocols/%s"
                   % (conf["idp"], protocol), {"protocol": {"mapping_id": "egi-mapping"}})



def cloud(conf):
    admin = Cloud(conf)
    for number, (name, vcpus, ram, disk) in enumerate((("tiny", 1, 256, 1), ("small", 1, 1024, 5),
                                                       ("medium", 2, 2048, 10), ("too-large", 12, 4096, 10)), 1):
        admin.make("nova", "/v2.1/flavors", "flavor", id=str(number), name=name, vcpus=vcpus, ram=ram,
                   disk=disk)
    for name, fields in (("paper-linux", {"min_disk": 1, "os_distro": "debian", "os_admin_user": "debian"}),
                         ("paper-big", {"min_disk": 10, "min_ram": 2048, "os_distro": "ubuntu"})):
        image, _ = admin.send("POST", "glance", "/v2/images", {
            "name": name, "disk_format": "raw", "container_format": "bare", "visibility": "public", **fields})
        admin.send("PUT", "glance", "/v2/images/%s/file" % image["id"], bytes(1024),
                   content_type="application/octet-stream")
    ext = admin.make("neutron", "/v2.0/networks", "network", name="public", shared=False, **{
        "router:external": True, "provider:network_type": "flat", "provider:physical_network": "ext"})
    admin.make("neutron", "/v2.0/subnets", "subnet", network_id=ext["id"], ip_version=4, name="public-v4",
               cidr="203.0.113.0/24", gateway_ip="203.0.113.1", enable_dhcp=False)
    for vo, project in conf["projects"].items():
        net = admin.make("neutron", "/v2.0/networks", "network", name="net-" + vo, project_id=project)
        subnet = admin.make("neutron", "/v2.0/subnets", "subnet", network_id=net["id"], ip_version=4,
                            name="sub-" + vo, cidr="10.%d.0.0/24" % (10 + list(VOS).index(vo)), project_id=project)
        router = admin.make("neutron", "/v2.0/routers", "router", name="router-" + vo, project_id=project,
                            external_gateway_info={"network_id": ext["id"]})
        admin.send("PUT", "neutron", "/v2.0/routers/%s/add_router_interface" % router["id"],
                   {"subnet_id": subnet["id"]})


def wait_hypervisor(conf, seconds=120):
    """Nova can place servers once the compute node is in Placement and mapped to its cell."""
    cloud, end = Cloud(conf), time.monotonic() + seconds
    cloud.send("GET", "glance", "/v2/images")                    # first requests load policies; do it unhurried
    cloud.send("GET", "neutron", "/v2.0/networks")
    while time.monotonic() < end:
        found, _ = cloud.send("GET", "nova", "/v2.1/os-hypervisors")
        if any(h["state"] == "up" and h["status"] == "enabled" for h in found["hypervisors"]):
            providers, _ = cloud.send("GET", "placement", "/resource_providers")
            if providers["resource_providers"]:
                return
        time.sleep(0.2)
    raise Fail("no hypervisor came up within %d s" % seconds)

"""The configuration files of the five services, made from testbed.json."""
import shutil

REGION = "RegionOne"


def ini(path, sections):
    lines = []
    for section, options in sections.items():
        lines.append("[%s]" % section)
        lines += ["%s = %s" % (k, v) for k, v in options.items()]
        lines.append("")
    with open(path, "w", encoding="utf-8") as handle:
        handle.write("\n".join(lines))


def configs(base, conf):
    port, host = conf["ports"], "127.0.0.1"
    url = {name: "http://%s:%d" % (host, number) for name, number in port.items()}
    etc = conf["venv"] + "/etc"

    def db(name):
        return {"connection": "sqlite:///%s/db/%s.sqlite" % (base, name), "sqlite_synchronous": "false"}

    def common(name):
        return {"log_file": "%s/log/%s.log" % (base, name), "use_stderr": "false", "debug": conf["debug"]}

    def account(user, **more):
        return {"auth_type": "password", "auth_url": url["keystone"] + "/v3", "username": user,
                "password": conf["service_password"], "project_name": "service", "user_domain_name": "Default",
                "project_domain_name": "Default", "region_name": REGION, **more}

    def authtoken(user):
        return account(user, www_authenticate_uri=url["keystone"] + "/v3", service_token_roles="service",
                       service_token_roles_required="true", interface="internal", token_cache_time="1")

    lock = {"lock_path": base + "/run"}
    shutil.copy(etc + "/glance/glance-api-paste.ini", base + "/etc")
    ini(base + "/etc/keystone.conf", {
        "DEFAULT": common("keystone"),
        "database": db("keystone"),
        "token": {"provider": "fernet", "expiration": conf["token_seconds"]},
        "fernet_tokens": {"key_repository": base + "/keys/fernet"},
        "fernet_receipts": {"key_repository": base + "/keys/fernet"},
        "credential": {"key_repository": base + "/keys/credential"},
        "auth": {"methods": ",".join(["password", "token", "application_credential", *conf["protocols"]])},
        "federation": {"remote_id_attribute": "HTTP_OIDC_ISS"},
        "identity": {"password_hash_rounds": "4"},
        "cache": {"enabled": "true", "backend": "dogpile.cache.memory"},
    })
    ini(base + "/etc/placement.conf", {
        "DEFAULT": common("placement"),
        "placement_database": {**db("placement"), "sync_on_startup": "true"},
        "api": {"auth_strategy": "keystone"},
        "keystone_authtoken": authtoken("placement"),
    })
    ini(base + "/etc/glance-api.conf", {
        "DEFAULT": {**common("glance"), "enabled_backends": "fs:file", "transport_url": "fake://",
                    "worker_self_reference_url": url["glance"], "node_staging_uri": "file://%s/images/staging" % base},
        "database": db("glance"),
        "glance_store": {"default_backend": "fs"},
        "fs": {"filesystem_store_datadir": base + "/images/store"},
        "os_glance_staging_store": {"filesystem_store_datadir": base + "/images/staging"},
        "os_glance_tasks_store": {"filesystem_store_datadir": base + "/images/tasks"},
        "image_cache": {"image_cache_dir": base + "/images/cache"},
        "paste_deploy": {"flavor": "keystone", "config_file": base + "/etc/glance-api-paste.ini"},
        "keystone_authtoken": authtoken("glance"),
        "oslo_concurrency": lock,
    })
    ini(base + "/etc/neutron.conf", {
        "DEFAULT": {**common("neutron"), "core_plugin": "ml2", "service_plugins": "router",
                    "transport_url": "fake://", "api_paste_config": etc + "/neutron/api-paste.ini",
                    "state_path": base + "/state/neutron", "dns_domain": "test.example.",
                    "network_auto_schedule": "false", "router_auto_schedule": "false",
                    "notify_nova_on_port_status_changes": "true", "notify_nova_on_port_data_changes": "true",
                    "send_events_interval": "1",
                    "dhcp_agents_per_network": "1", "l3_ha": "false"},
        "database": db("neutron"),
        "ml2": {"type_drivers": "local,flat", "tenant_network_types": "local", "mechanism_drivers": "paper",
                "extension_drivers": "port_security"},
        "ml2_type_flat": {"flat_networks": "*"},
        "keystone_authtoken": authtoken("neutron"),
        "nova": account("nova", endpoint_type="internal"),
        "oslo_concurrency": lock,
    })
    ini(base + "/etc/nova.conf", {
        "DEFAULT": {**common("nova"), "transport_url": "fake://", "compute_driver": "ostack_virt.PaperHypervisor",
                    "my_ip": host, "host": "testhost", "state_path": base + "/state/nova",
                    "ram_allocation_ratio": "1.0", "cpu_allocation_ratio": "1.0",
                    "reserved_host_memory_mb": "0", "service_down_time": "120",
                    "update_resources_interval": "20"},
        "wsgi": {"api_paste_config": etc + "/nova/api-paste.ini"},
        "api_database": db("nova_api"),
        "database": db("nova"),
        "keystone_authtoken": authtoken("nova"),
        "service_user": account("nova", send_service_user_token="true"),
        "placement": account("placement", valid_interfaces="internal"),
        "glance": account("glance", valid_interfaces="internal"),
        "neutron": account("neutron", valid_interfaces="internal"),
        "cinder": account("nova"),
        "vnc": {"enabled": "false"},
        "filter_scheduler": {"track_instance_changes": "false"},
        "scheduler": {"discover_hosts_in_cells_interval": "60"},
        "oslo_concurrency": lock,
    })

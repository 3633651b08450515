"""Runs one OpenStack service (or one set-up step) in this process.  Called by services.py with the venv's Python.

    serve.py keystone|placement|glance|nova|neutron BASE     serve on 127.0.0.1 until SIGTERM
    serve.py nova-init|neutron-init BASE                     create the databases
"""
import json
import os
import signal
import sys
import traceback
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))


def listen(app, port, threads):
    import waitress
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=threads, ident=None,
                                    clear_untrusted_proxy_headers=True, channel_timeout=60)

    def stop(_signum, _frame):
        # nothing here is worth draining: databases are transactional and the test bed is disposable
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.run()


def sqlite_manners():
    """Make SQLite behave for several writing threads.

    WAL: readers do not block the writer.  Writers take the write lock when their transaction begins and queue for it;
    with SQLite's default (lock at the first write) a transaction that has read before it writes fails at once if
    another one wrote in between.  What still collides is reported as a deadlock, which the services retry.
    """
    from oslo_db import exception
    from oslo_db.sqlalchemy import enginefacade, engines, exc_filters
    from sqlalchemy import event, exc, orm, pool
    from sqlalchemy.engine import Engine

    # oslo.db opens and closes the file for every transaction; keep connections, but never their transaction marker
    @engines._init_connection_args.dispatch_for("sqlite")
    def _pooled(url, engine_args, kw):
        if engine_args.get("poolclass") is pool.NullPool:
            engine_args["poolclass"] = pool.QueuePool

    @event.listens_for(pool.Pool, "checkin")
    def _forget(_dbapi_con, record):
        record.info.pop("in_transaction", None)

    @event.listens_for(Engine, "connect")
    def _pragmas(dbapi_con, _record):
        dbapi_con.execute("PRAGMA busy_timeout = 20000")
        dbapi_con.execute("PRAGMA journal_mode = WAL")

    make_session = enginefacade._TransactionFactory._create_session

    def create_session(self, mode, bind=None):
        session = make_session(self, mode, bind=bind)
        session.info["ostack_writer"] = mode is enginefacade._WRITER
        return session

    enginefacade._TransactionFactory._create_session = create_session

    @event.listens_for(orm.Session, "after_begin")
    def _lock(session, _transaction, connection):
        if session.info.get("ostack_writer") and connection.dialect.name == "sqlite":
            if not connection.in_nested_transaction():
                connection.exec_driver_sql("ROLLBACK")        # of a BEGIN that has done nothing yet
                connection.exec_driver_sql("BEGIN IMMEDIATE")

    @exc_filters.filters("sqlite", exc.OperationalError, r".*database is locked")
    def _locked(error, _match, _engine, _disconnect):
        raise exception.DBDeadlock(error)


def keystone(base, conf):
    os.environ["OS_KEYSTONE_CONFIG_DIR"] = base + "/etc"
    from keystone.server import wsgi
    from oidc_gate import OidcGate
    return OidcGate(wsgi.initialize_public_application(), issuer=conf["issuer"], jwks=conf["jwks"], idp=conf["idp"],
                    protocols=conf["protocols"], audience=conf["audience"])


def placement(base, _conf):
    os.environ["OS_PLACEMENT_CONFIG_DIR"] = base + "/etc"
    from placement import wsgi
    return wsgi.init_application()


def glance(base, _conf):
    os.environ["OS_GLANCE_CONFIG_DIR"] = base + "/etc"
    from glance.common import wsgi_app
    return wsgi_app.init_app()


def neutron(base, _conf):
    os.environ["OS_NEUTRON_CONFIG_DIR"] = base + "/etc"
    os.environ["OS_NEUTRON_CONFIG_FILES"] = "neutron.conf"
    try:
        from neutron.server import api
    except ImportError:                                     # up to 2024.x, which patches the standard library
        from neutron.cmd.eventlet import server
        return server.main_api_eventlet()
    from neutron import server
    return server.boot_server(api.api_server, prog="neutron-api")


def nova_config(base):
    os.environ["OS_NOVA_CONFIG_DIR"] = base + "/etc"
    # the first file is also read as the paste pipeline
    os.environ["OS_NOVA_CONFIG_FILES"] = sys.prefix + "/etc/nova/api-paste.ini;nova.conf"
    from nova import monkey_patch
    if hasattr(monkey_patch, "patch"):                      # older releases switch to eventlet on that import
        os.environ["OS_NOVA_DISABLE_EVENTLET_PATCHING"] = "true"
        monkey_patch.patch(backend="threading")


def nova_init(base):
    from nova import config, objects
    from nova.cmd import manage
    config.parse_args(["nova-manage"], default_config_files=[base + "/etc/nova.conf"])
    objects.register_all()
    api, cells, main = manage.ApiDbCommands(), manage.CellV2Commands(), manage.DbCommands()
    for step in (api.sync, lambda: cells.map_cell0("sqlite:///%s/db/nova_cell0.sqlite" % base),
                 lambda: cells.create_cell("cell1"), main.sync):
        code = step()
        if code:
            raise SystemExit("nova-init: %s" % code)


def neutron_init(base):
    """Neutron's migrations cannot run on SQLite, so its tables are created from the models, as its own tests do."""
    import sqlalchemy as sa
    from neutron.db.migration.models import head

    tables = head.get_metadata()
    engine = sa.create_engine("sqlite:///%s/db/neutron.sqlite" % base)
    tables.create_all(engine)
    # rows that the skipped migrations would have brought: the rules a default security group starts with
    attributes, rules = tables.tables["standardattributes"], tables.tables["securitygroupdefaultrules"]
    with engine.begin() as link:
        for direction, peer, elsewhere in (("egress", None, True), ("ingress", "PARENT", False)):
            for family in ("IPv4", "IPv6"):
                row = link.execute(sa.insert(attributes).values(resource_type="securitygroupdefaultrules"))
                link.execute(sa.insert(rules).values(
                    id=str(uuid.uuid4()), standard_attr_id=row.inserted_primary_key[0], direction=direction,
                    ethertype=family, remote_group_id=peer, used_in_default_sg=True,
                    used_in_non_default_sg=elsewhere))


def nova(base, _conf):
    """API, conductor, scheduler and compute as threads of one process.

    They talk through oslo.messaging's in-memory transport, so no message broker is needed.
    """
    import inspect
    import shlex

    from nova.api.openstack import wsgi_app
    name = ("osapi_compute", "nova-api-os-compute")
    application = wsgi_app.init_application(*name[:len(inspect.signature(wsgi_app.init_application).parameters)])
    import nova.conf
    import ostack_virt
    from nova import context, objects, service, utils
    from nova.compute import rpcapi as compute_rpc
    from nova.conductor import rpcapi as conductor_rpc
    from nova.objects import host_mapping
    from nova.scheduler import rpcapi as scheduler_rpc
    from oslo_privsep import priv_context
    import os_brick
    import os_vif

    sys.modules["nova.virt.ostack_virt"] = ostack_virt
    conf = nova.conf.CONF
    priv_context.init(root_helper=shlex.split(utils.get_root_helper()))
    os_brick.setup(conf)
    os_vif.initialize()
    objects.Service.enable_min_version_cache()
    second = {"topic_alt": compute_rpc.RPC_TOPIC_ALT} if hasattr(compute_rpc, "RPC_TOPIC_ALT") else {}
    for binary, topic, more in (("nova-conductor", conductor_rpc.RPC_TOPIC, {}),
                                ("nova-scheduler", scheduler_rpc.RPC_TOPIC, {}),
                                ("nova-compute", compute_rpc.RPC_TOPIC, second)):
        service.Service.create(binary=binary, topic=topic, **more).start()
    host_mapping.discover_hosts(context.get_admin_context())
    return application


def main():
    what, base = sys.argv[1], os.path.abspath(sys.argv[2])
    sys.argv = [what]
    if what in ("nova", "nova-init"):
        nova_config(base)                                   # first of all: it may patch the standard library
    sqlite_manners()
    setup = {"nova-init": nova_init, "neutron-init": neutron_init}.get(what)
    if setup:
        return setup(base)
    with open(base + "/testbed.json", encoding="utf-8") as handle:
        conf = json.load(handle)
    app = {"keystone": keystone, "placement": placement, "glance": glance,
           "nova": nova, "neutron": neutron}[what](base, conf)
    # with several threads Neutron answered concurrent first requests with incomplete lists
    listen(app, conf["ports"][what], threads=1 if what == "neutron" else 8)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)                    # a half-started service may have live threads

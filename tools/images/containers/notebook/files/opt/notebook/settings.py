"""Settings of JupyterLab in a session: reached through a proxy on an origin of its own, which keeps the Host header."""

c = get_config()  # noqa: F821

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_remote_access = True
c.ServerApp.root_dir = "/home/user"
c.IdentityProvider.token = ""
c.ServerApp.password_required = False
c.ServerApp.quit_button = False
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabServerApp.blocked_extensions_uris = ""

# shellcheck shell=bash
# JupyterLab and astronomy's tables in an environment of their own, compiled once: the root is read-only when it runs.
set -e
python3 -m venv /opt/python
/opt/python/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --no-compile /wheels/*.whl
rm -rf /wheels /opt/python/lib/python3.11/site-packages/pip* /opt/python/lib/python3.11/site-packages/setuptools*
rm -rf /opt/python/lib/python3.11/site-packages/{pandas/tests,pyarrow/tests,pyarrow/include}
# What asks for news on the network, where there may be none.
mkdir -p /opt/python/share/jupyter/lab/settings
printf '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}\n' \
  >/opt/python/share/jupyter/lab/settings/overrides.json
find /opt/python -name '*.js.map' -delete
python3 -m compileall -q -j 0 /opt/python/lib || true

# shellcheck shell=bash
set -e
python3 -m compileall -q -j 0 /usr/lib/python3/dist-packages || true
ls /usr/share/novnc /etc/xdg/openbox >&2
cp /etc/xdg/openbox/rc.xml /etc/skyport/openbox.xml
sed -i 's|<file>[^<]*</file>|<file>/etc/skyport/menu.xml</file>|' /etc/skyport/openbox.xml

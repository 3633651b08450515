# Run beside the new root, in its folder: busybox under all its names, and nothing else of the package.
# shellcheck shell=bash
set -euo pipefail
mv bin/busybox busybox
mv bin/start start
rm -rf bin usr sbin lib lib64 var
mkdir -p bin sbin usr/bin usr/sbin etc proc sys run var/tmp
mv busybox start bin/
chmod 1777 var/tmp
chmod 755 bin/busybox bin/start
bin/busybox --list | grep -vx busybox | while read -r applet; do ln -s busybox "bin/$applet"; done
printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:User:/home/user:/bin/sh\n' >etc/passwd
printf 'root:x:0:\nuser:x:1000:\n' >etc/group
chmod 755 srv/cgi-bin srv/cgi-bin/*

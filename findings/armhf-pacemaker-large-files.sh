#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian 12's Pacemaker for armhf is built without large files. It cannot list a
# directory whose entries have positions of more than 31 bits, as 9p and NFS pass them on
# from the server's ext4: readdir() then fails with EOVERFLOW. If /usr/share/pacemaker is
# such a directory, Pacemaker finds no schema, and no message names the cause: it says
# "CIB does not validate with unknown" even of an empty configuration, shuts down for
# good, and Corosync with it. Corosync is built like that, too, and reads
# /etc/corosync/uidgid.d. Debian 13's are built with 64-bit offsets.
#
# qemu-arm shows it without such a mount, because it passes on the positions that a
# 64-bit program gets: those of ext4 are hashes of 63 bits, those of tmpfs are small.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

[ "$(stat -f -c %T "$tmp")" = ext2/ext3 ] || {
	echo "not tried: $tmp is not on ext4" >&2
	exit 2
}
unpack bookworm armhf pacemaker-cli-utils=2.1.5-1+deb12u1 corosync=3.1.7-1+deb12u2
unpack trixie armhf pacemaker-cli-utils=3.0.0-2 corosync=3.1.9-2+deb13u1
unpack bookworm amd64 qemu-user-static=1:7.2+dfsg-7+deb12u18+b3
shm=$(mktemp -d /dev/shm/schema.XXXXXX)
trap 'rm -rf "$tmp" "$shm"' EXIT
cat >"$tmp/cib.xml" <<'XML'
<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0"
	admin_epoch="1">
<configuration>
<crm_config><cluster_property_set id="options">
<nvpair id="fencing" name="stonith-enabled" value="false"/>
</cluster_property_set></crm_config>
<nodes/><resources/><constraints/>
</configuration><status/>
</cib>
XML

verify() { # SUITE DIRECTORY-OF-THE-SCHEMA
	root=$tmp/$1-armhf status=0
	PCMK_schema_directory=$2 "$tmp/bookworm-amd64/usr/bin/qemu-arm-static" -L "$root" \
		"$root/usr/sbin/crm_verify" -x "$tmp/cib.xml" >/dev/null 2>&1 || status=$?
	echo $status
}

# Which readdir() or scandir() a program calls.
lists_with() { # SUITE FILE
	# shellcheck disable=SC2086 # a pattern
	readelf -W --dyn-syms "$tmp/$1-armhf/usr"/$2 |
		grep -oE '(readdir|scandir)[0-9]*@' | sort -u | tr -d '\n'
}

for suite in bookworm trixie; do
	cp -r "$tmp/$suite-armhf/usr/share/pacemaker" "$shm/$suite"
done
library='lib/arm-linux-gnueabihf/libcrmcommon.so.*'
expect "bookworm's Pacemaker" readdir@scandir@ "$(lists_with bookworm "$library")"
expect "... on tmpfs, status" 0 "$(verify bookworm "$shm/bookworm")"
expect "... on ext4 with 64-bit positions" 78 \
	"$(verify bookworm "$tmp/bookworm-armhf/usr/share/pacemaker")"
expect "bookworm's Corosync" readdir@ "$(lists_with bookworm sbin/corosync)"
expect "trixie's Pacemaker" readdir64@scandir64@ "$(lists_with trixie "$library")"
expect "... on tmpfs, status" 0 "$(verify trixie "$shm/trixie")"
expect "... on ext4 with 64-bit positions" 0 \
	"$(verify trixie "$tmp/trixie-armhf/usr/share/pacemaker")"
expect "trixie's Corosync" readdir64@ "$(lists_with trixie sbin/corosync)"
exit $changed

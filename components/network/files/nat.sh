#!/bin/bash
# Translates the addresses of private subnets to that of this instance, at each boot.
# ROOT, WAIT and TRIES are for trying it out in a folder.
set -euo pipefail
root="${ROOT:-}"

again() {
  local try
  for ((try = 1; try <= ${TRIES:-30}; try++)); do
    if "$@"; then return 0; fi
    sleep "${WAIT:-10}"
  done
  echo "gave up: $*" >&2
  return 1
}

install_nft() {
  # dnf needs more than the 512 MiB of a nano.
  dd if=/dev/zero of="$root/swap" bs=1M count=512 status=none
  chmod 600 "$root/swap"
  mkswap "$root/swap"
  swapon "$root/swap"
  again dnf install --assumeyes nftables
  swapoff "$root/swap"
  rm "$root/swap"
}

if ! command -v nft >/dev/null; then install_nft; fi

# The rules first: nothing is forwarded with a private address.
nft --file "$root/etc/platform/nat.nft"
for interface in "$root"/proc/sys/net/ipv4/conf/*/send_redirects; do
  # Packets leave by the interface by which they came, of which Linux would notify the sender.
  echo 0 >"$interface"
done
echo 1 >"$root/proc/sys/net/ipv4/ip_forward"

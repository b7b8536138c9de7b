#!/bin/bash
# Makes a server ready, at each boot: its data volume, Docker, the tools of a bastion. Says nothing secret.
# ROOT, WAIT and TRIES are for trying it out in a folder.
set -euo pipefail
root="${ROOT:-}"

# Set by the file: DATA_VOLUME, DATA_PATH, FOLDERS, DOCKER, KUBECTL, CLUSTER and REGION, each possibly empty.
# shellcheck source=/dev/null
. "$root/etc/platform/server.conf"

again() {
  local try
  for ((try = 1; try <= ${TRIES:-60}; try++)); do
    if "$@"; then return 0; fi
    sleep "${WAIT:-10}"
  done
  echo "gave up: $*" >&2
  return 1
}

# EBS shows a volume's id as the serial number of its NVMe device; servers without NVMe have the name of the attachment.
find_device() {
  local candidate
  for candidate in \
    "$root/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${DATA_VOLUME/-/}" "$root/dev/sdf" "$root/dev/xvdf"; do
    if [ -e "$candidate" ]; then
      device="$(readlink -f "$candidate")"
      return 0
    fi
  done
  return 1
}

mount_data() {
  local uuid folder
  again find_device
  # Nothing is ever formatted that holds anything: wipefs only lists the signatures, and mkfs refuses to overwrite one.
  if [ -z "$(wipefs --noheadings --output TYPE "$device")" ]; then
    mkfs.xfs "$device"
  fi
  uuid="$(blkid --match-tag UUID --output value "$device")"
  mkdir -p "$root$DATA_PATH" "$root/etc"
  if ! grep -qs "^UUID=$uuid " "$root/etc/fstab"; then
    echo "UUID=$uuid $DATA_PATH xfs defaults,nofail 0 2" >>"$root/etc/fstab"
  fi
  if ! mountpoint --quiet "$root$DATA_PATH"; then
    mount "$root$DATA_PATH"
  fi
  # The volume may have grown.
  xfs_growfs "$root$DATA_PATH"
  for folder in $FOLDERS; do
    mkdir -p "$root$DATA_PATH/$folder"
  done
}

install_docker() {
  if ! command -v docker >/dev/null; then
    again dnf install --assumeyes docker
  fi
  systemctl enable --now docker
}

install_kubectl() {
  local architecture address folder
  case "$(uname -m)" in
    aarch64) architecture=arm64 ;;
    *) architecture=amd64 ;;
  esac
  address="https://dl.k8s.io/release/$KUBECTL/bin/linux/$architecture/kubectl"
  folder="$(mktemp -d)"
  again curl --fail --silent --show-error --location --output "$folder/kubectl" "$address"
  again curl --fail --silent --show-error --location --output "$folder/kubectl.sha256" "$address.sha256"
  echo "$(cat "$folder/kubectl.sha256")  $folder/kubectl" | sha256sum --check --quiet
  mkdir -p "$root/usr/local/bin" "$root/etc/profile.d"
  install --mode 755 "$folder/kubectl" "$root/usr/local/bin/kubectl"
  rm -r "$folder"
  # Whoever logs in writes a kubeconfig of their own by it.
  echo "alias kubeconfig='aws eks update-kubeconfig --region $REGION --name $CLUSTER'" >"$root/etc/profile.d/platform.sh"
}

if [ -n "$DATA_VOLUME" ]; then mount_data; fi
if [ -n "$DOCKER" ]; then install_docker; fi
if [ -n "$KUBECTL" ] && [ ! -x "$root/usr/local/bin/kubectl" ]; then install_kubectl; fi

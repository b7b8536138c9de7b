#!/bin/sh
# Puts the dump and its counts into the bucket. The dump comes last: where it is, its counts are.
set -eu
cd /backup

# S3 refuses what does not match the checksum, and what has arrived is looked up.
upload() {
  aws s3 cp --only-show-errors --checksum-algorithm SHA256 "$1" "s3://${BUCKET}/${PREFIX}$1"
  size="$(wc -c <"$1")"
  found="$(aws s3api list-objects-v2 --bucket "${BUCKET}" --prefix "${PREFIX}$1" --query 'Contents[0].Size' --output text)"
  if [ "${found}" != "${size}" ]; then
    echo "s3://${BUCKET}/${PREFIX}$1 has ${found} bytes instead of ${size}" >&2
    exit 1
  fi
}

for dump in *.sql; do
  upload "${dump%.sql}.counts.csv"
  upload "${dump}"
  echo "Backup completed: s3://${BUCKET}/${PREFIX}${dump}, ${size} bytes"
done

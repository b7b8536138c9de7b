#!/bin/sh
# Fetches the newest dump and its counts. Names end in the time, so the last one is the newest.
set -eu
cd /backup
rm -f ./*
# As JSON, because a query over text is asked of each page alone.
key="$(aws s3api list-objects-v2 --bucket "${BUCKET}" --prefix "${PREFIX}${ENVIRONMENT}_backup_" --output json \
  --query 'sort_by(Contents[?ends_with(Key, `.sql`)] || `[]`, &Key)[-1].Key')"
key="${key#\"}"
key="${key%\"}"
case "${key}" in
  *.sql) ;;
  *)
    echo "There is no dump below s3://${BUCKET}/${PREFIX}" >&2
    exit 1
    ;;
esac
aws s3 cp --only-show-errors "s3://${BUCKET}/${key%.sql}.counts.csv" recorded
aws s3 cp --only-show-errors "s3://${BUCKET}/${key}" dump
echo "${key}" >name
echo "Fetched s3://${BUCKET}/${key}"

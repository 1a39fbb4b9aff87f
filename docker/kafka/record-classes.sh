#!/bin/bash
# The image's build runs this once. It starts a broker and asks it for metadata, which tests the
# image. It archives the loaded classes, which halves the CPU time of a start.
set -euo pipefail

cd "$(mktemp -d)"
java -cp '/opt/kafka/lib/*' org.apache.zookeeper.server.ZooKeeperServerMain 2181 "$PWD" >zookeeper.log &
zookeeper=$!
export BROKER_ID=1 ADVERTISED_HOST=localhost ZOOKEEPER_CONNECT=localhost:2181
WAIT_FOR=localhost:2181 CLASS_ARCHIVE=-XX:ArchiveClassesAtExit=/opt/kafka/classes.jsa \
    /entrypoint.sh &
broker=$!

until healthcheck 2>/dev/null; do
    kill -0 "$broker" # ended: so does this script
    sleep 1
done
kill "$broker"
wait "$broker" || (($? == 143)) # Java's exit code after SIGTERM
kill "$zookeeper"
rm -rf "$PWD" /tmp/server.properties /tmp/hsperfdata_* /var/lib/kafka/log
test -s /opt/kafka/classes.jsa

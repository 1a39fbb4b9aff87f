#!/bin/bash
# ZooKeeper, alone or in an ensemble.
#   ZOOKEEPER_SERVERS   host names of all members ("zookeeper-1 zookeeper-2 zookeeper-3")
#   ZOOKEEPER_ID        which of them this is, from 1
set -euo pipefail

read -ra servers <<<"${ZOOKEEPER_SERVERS:?must name all members: \"zookeeper-1 zookeeper-2\"}"
: "${ZOOKEEPER_ID:?must be the number of this node in ZOOKEEPER_SERVERS, from 1}"

config=/tmp/zoo.cfg
cat >"$config" <<EOF
dataDir=/var/lib/zookeeper
clientPort=2181
tickTime=2000
initLimit=30
syncLimit=5
maxClientCnxns=0
admin.enableServer=false
4lw.commands.whitelist=srvr,ruok,mntr
autopurge.snapRetainCount=3
autopurge.purgeInterval=1
EOF

if ((${#servers[@]} > 1)); then
    for i in "${!servers[@]}"; do
        host=${servers[i]}
        # Its own name may resolve to several addresses; a member listens on all of them.
        ((i + 1 != ZOOKEEPER_ID)) || host=0.0.0.0
        echo "server.$((i + 1))=${host}:2888:3888" >>"$config"
    done
    echo "$ZOOKEEPER_ID" >/var/lib/zookeeper/myid
fi

# A quorum of members without data would forget the data of the others, such as of a single node
# that gets more. So a member without data starts after the one before it: the smallest quorum then
# has the first member, and each later one finds a quorum that has the data.
quorum=$((${#servers[@]} / 2 + 1))
if ((ZOOKEEPER_ID > 1)) && [[ ! -d /var/lib/zookeeper/version-2 ]]; then
    before=${servers[ZOOKEEPER_ID - 2]}
    if ((ZOOKEEPER_ID <= quorum)); then
        wait-for "$before:3888"
    else
        until serves "$before" >/dev/null; do
            echo "zookeeper: the disk is empty; it waits until $before serves" >&2
            sleep 3
        done
    fi
fi

read -ra options <<<"$JVM_OPTIONS"
agent=$(echo /opt/zookeeper/lib/jmx_prometheus_javaagent-*.jar)
exec java "-Xmx$HEAP" "${options[@]}" "-javaagent:$agent=9404:/etc/riada/metrics.yaml" -XX:+ExitOnOutOfMemoryError \
    -Dlog4j.configuration=file:/etc/riada/log4j.properties \
    -cp '/opt/zookeeper/lib/*' org.apache.zookeeper.server.quorum.QuorumPeerMain "$config"

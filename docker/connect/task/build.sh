#!/bin/bash
# build.sh JAR   compiles the task against the jars beside JAR and those of the worker, checks it
# and packs it
set -euo pipefail
cd "$(dirname "$0")"

jar=${1:?usage: build.sh JAR}
classes=$(mktemp -d)
javac -Xlint:all,-classfile,-serial,-unchecked -Werror -implicit:none -d "$classes" \
    -cp "$(dirname "$jar")/*:/opt/connect/worker/lib/*" src/riada/connect/*.java check/riada/connect/*.java
java -ea -cp "$classes:$(dirname "$jar")/*:/opt/connect/worker/lib/*" riada.connect.Check
rm "$classes"/riada/connect/Check*.class
mkdir -p "$classes/META-INF/services"
echo riada.connect.VersionedPostgresConnector >"$classes/META-INF/services/org.apache.kafka.connect.source.SourceConnector"
jar --create --date=1980-01-01T00:00:02Z --file "$jar" -C "$classes" .
rm -r "$classes"

#!/bin/bash
# build.sh JAR   corrects Debezium's jars beside JAR, compiles the task against the jars there and those
# of the worker, checks it and packs it
set -euo pipefail
cd "$(dirname "$0")"

jar=${1:?usage: build.sh JAR}
classes=$(mktemp -d)
debezium=("$(dirname "$jar")"/debezium-connector-postgres-*.jar "$(dirname "$jar")"/debezium-core-*.jar)
asm=(java --add-exports java.base/jdk.internal.org.objectweb.asm=ALL-UNNAMED)
"${asm[@]}" patch/ReadNamesAsUtf8.java "${debezium[0]}"
"${asm[@]}" patch/ReadNewTables.java "${debezium[@]}"
javac -encoding UTF-8 -Xlint:all,-classfile,-serial,-unchecked -Werror -implicit:none -d "$classes" \
    -cp "$(dirname "$jar")/*:/opt/connect/worker/lib/*" src/riada/connect/*.java check/riada/connect/*.java
java -ea -cp "$classes:$(dirname "$jar")/*:/opt/connect/worker/lib/*" riada.connect.Check
rm "$classes"/riada/connect/Check*.class
mkdir -p "$classes/META-INF/services"
echo riada.connect.VersionedPostgresConnector >"$classes/META-INF/services/org.apache.kafka.connect.source.SourceConnector"
jar --create --date=1980-01-01T00:00:02Z --file "$jar" -C "$classes" .
rm -r "$classes"

#!/bin/bash
# build.sh JAR SPARK   compiles the gateway against the jars in the folder SPARK, and packs it
set -euo pipefail
cd "$(dirname "$0")"

jar=${1:?usage: build.sh JAR SPARK} spark=${2:?usage: build.sh JAR SPARK}
classes=$(mktemp -d)
javac -encoding UTF-8 -Xlint:all,-classfile,-path,-serial -Werror -implicit:none -d "$classes" -cp "$spark/*" src/riada/spark/*.java
jar --create --date=1980-01-01T00:00:02Z --file "$jar" -C "$classes" .
rm -r "$classes"

"""A folder that Hadoop's FileSystem reads and writes: file:/… on a volume, s3a://BUCKET/… on S3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from py4j.protocol import Py4JJavaError
from pyspark import SparkContext

SCHEMES = {
    # A file gets its name by renaming when it is whole.
    "file": "org.apache.spark.sql.execution.streaming.FileSystemBasedCheckpointFileManager",
    # S3 has no renaming: a file is there once its upload is through.
    "s3a": "org.apache.spark.internal.io.cloud.AbortableStreamBasedCheckpointFileManager",
}
"""Scheme → how Spark writes a checkpoint there."""


@dataclass(frozen=True)
class Folder:
    """Names are relative, e.g. "offsets/12". All but its names needs a running Spark session."""

    url: str

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in SCHEMES:
            raise ValueError(f"{self.url} begins with none of {', '.join(SCHEMES)}")

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> Folder:
        return Folder(f"{self.url}/{name}")

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def parent(self) -> Folder:
        return Folder(self.url.rpartition("/")[0])

    @property
    def checkpoint_manager(self) -> str:
        """Class by which Spark writes a checkpoint here."""
        return SCHEMES[urlsplit(self.url).scheme]

    def read(self, name: str) -> str | None:
        """A file's text; None when there is no such file."""
        scheme, _, path, *_ = urlsplit(f"{self.url}/{name}")
        if scheme == "file":  # every batch reads one, and calls into the JVM would take 1.5 ms
            file = Path(path)
            return file.read_text() if file.exists() else None
        hadoop = _hadoop()
        path = hadoop.path(f"{self.url}/{name}")
        try:
            stream = path.getFileSystem(hadoop.configuration).open(path)
            try:
                return hadoop.io.toString(stream, "UTF-8")
            finally:
                stream.close()
        except Py4JJavaError as error:
            return _unless_missing(error, None)

    def write(self, name: str, text: str) -> None:
        """In place of what was there."""
        hadoop = _hadoop()
        path = hadoop.path(f"{self.url}/{name}")
        stream = path.getFileSystem(hadoop.configuration).create(path, True)
        try:
            stream.write(text.encode())
        finally:
            stream.close()

    def names(self, name: str = "") -> list[str]:
        """What lies in it or in a folder below; [] when there is no such folder."""
        hadoop = _hadoop()
        path = hadoop.path(f"{self.url}/{name}")
        try:
            listed = path.getFileSystem(hadoop.configuration).listStatus(path)
        except Py4JJavaError as error:
            return _unless_missing(error, [])
        return sorted(one.getPath().getName() for one in listed)

    def copy(self, name: str, to: Folder) -> None:
        """A file, under the same name. Raises Py4JJavaError when there is no such file."""
        hadoop = _hadoop()
        source, target = (hadoop.path(f"{folder.url}/{name}") for folder in (self, to))
        systems = [path.getFileSystem(hadoop.configuration) for path in (source, target)]
        hadoop.file_util.copy(
            *(systems[0], source), *(systems[1], target), False, True, hadoop.configuration
        )

    def delete(self) -> None:
        """With all that it holds."""
        hadoop = _hadoop()
        path = hadoop.path(self.url)
        path.getFileSystem(hadoop.configuration).delete(path, True)


class _Hadoop:
    """Classes that are called, looked up once: every step of a name is a call into the JVM."""

    def __init__(self, context: SparkContext) -> None:
        jvm = context._jvm
        self.configuration = context._jsc.hadoopConfiguration()
        self.path = jvm.org.apache.hadoop.fs.Path
        self.file_util = jvm.org.apache.hadoop.fs.FileUtil
        self.io = jvm.org.apache.commons.io.IOUtils


def _hadoop() -> _Hadoop:
    context = SparkContext._active_spark_context
    if context is None:
        raise RuntimeError("no Spark session runs")
    return _of(context)


_of = cache(_Hadoop)


def _unless_missing(error: Py4JJavaError, answer):
    if error.java_exception.getClass().getName() != "java.io.FileNotFoundException":
        raise error
    return answer

"""A directory of the checkpoint, which Hadoop's FileSystem reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from py4j.protocol import Py4JJavaError
from pyspark import SparkContext

from riada_stream.runtime.jvm import JavaObject

# URL scheme → the class by which Spark writes a checkpoint there.
CHECKPOINT_MANAGERS = {
    # A complete file is renamed to its final name.
    "file": "org.apache.spark.sql.execution.streaming.FileSystemBasedCheckpointFileManager",
    # S3 cannot rename a file. A file appears when its upload is complete.
    "s3a": "org.apache.spark.internal.io.cloud.AbortableStreamBasedCheckpointFileManager",
}


@dataclass(frozen=True)
class CheckpointDir:
    """`url` is file:/… on a volume or s3a://BUCKET/… on S3. File names are relative to it, such as
    "offsets/12". Reading from and writing to S3 needs a running Spark session, as does every
    write."""

    url: str

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in CHECKPOINT_MANAGERS:
            schemes = ", ".join(f"{scheme}:" for scheme in CHECKPOINT_MANAGERS)
            raise ValueError(f"checkpoint {self.url!r} must start with one of {schemes}")

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> CheckpointDir:
        return CheckpointDir(f"{self.url}/{name}")

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def parent(self) -> CheckpointDir:
        return CheckpointDir(self.url.rpartition("/")[0])

    @property
    def checkpoint_manager(self) -> str:
        """The class by which Spark writes a checkpoint here."""
        return CHECKPOINT_MANAGERS[urlsplit(self.url).scheme]

    def read(self, name: str) -> str | None:
        """The text of a file; None when the file does not exist."""
        scheme, _, path, *_ = urlsplit(f"{self.url}/{name}")
        if scheme == "file":  # every batch reads a file, and calls into the JVM would take 1.5 ms
            file = Path(path)
            return file.read_text() if file.exists() else None
        return self._read_by_hadoop(name)

    def _read_by_hadoop(self, name: str) -> str | None:
        hadoop = _hadoop()
        path = hadoop.path(f"{self.url}/{name}")
        try:
            stream = path.getFileSystem(hadoop.configuration).open(path)
            try:
                text: str = hadoop.io.toString(stream, "UTF-8")
            finally:
                stream.close()
        except Py4JJavaError as error:
            _raise_unless_missing(error)
            return None
        return text

    def write(self, name: str, text: str) -> None:
        """Creates the file, or replaces it."""
        hadoop = _hadoop()
        path = hadoop.path(f"{self.url}/{name}")
        stream = path.getFileSystem(hadoop.configuration).create(path, True)
        try:
            stream.write(text.encode())
        finally:
            stream.close()

    def names(self, subdirectory: str = "") -> list[str]:
        """The names in the directory or in a subdirectory; [] when that does not exist."""
        hadoop = _hadoop()
        path = hadoop.path(f"{self.url}/{subdirectory}")
        try:
            entries = path.getFileSystem(hadoop.configuration).listStatus(path)
        except Py4JJavaError as error:
            _raise_unless_missing(error)
            return []
        return sorted(entry.getPath().getName() for entry in entries)

    def copy(self, name: str, target: CheckpointDir) -> None:
        """Copies a file under the same name. Raises Py4JJavaError when it does not exist."""
        hadoop = _hadoop()
        from_path = hadoop.path(f"{self.url}/{name}")
        to_path = hadoop.path(f"{target.url}/{name}")
        hadoop.file_util.copy(
            from_path.getFileSystem(hadoop.configuration),
            from_path,
            to_path.getFileSystem(hadoop.configuration),
            to_path,
            False,  # keeps the source
            True,  # replaces the target
            hadoop.configuration,
        )

    def delete(self) -> None:
        """Deletes the directory and everything in it."""
        hadoop = _hadoop()
        path = hadoop.path(self.url)
        path.getFileSystem(hadoop.configuration).delete(path, True)


class _Hadoop:
    """The Java classes used here. Each is looked up once: every step of a class's name is a call
    into the JVM."""

    def __init__(self, context: SparkContext) -> None:
        jvm: JavaObject = context._jvm
        self.configuration: JavaObject = context._jsc.hadoopConfiguration()
        self.path: JavaObject = jvm.org.apache.hadoop.fs.Path
        self.file_util: JavaObject = jvm.org.apache.hadoop.fs.FileUtil
        self.io: JavaObject = jvm.org.apache.commons.io.IOUtils


_classes_of = cache(_Hadoop)


def _hadoop() -> _Hadoop:
    context = SparkContext._active_spark_context
    if context is None:
        raise RuntimeError("the checkpoint needs a Spark session, and none is running")
    return _classes_of(context)


def _raise_unless_missing(error: Py4JJavaError) -> None:
    if error.java_exception.getClass().getName() != "java.io.FileNotFoundException":
        raise error

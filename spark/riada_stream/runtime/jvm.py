"""The type of Java objects.

py4j creates the attributes of a Java object at run time, so no type checker knows them. Every
annotation of such an object is this one name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JavaObject = Any  # an object, a class or a package of the JVM


def java_map(jvm: JavaObject, values: Mapping[str, str]) -> JavaObject:
    """A java.util.HashMap with these values, such as the settings of a client of Kafka."""
    result = jvm.java.util.HashMap()
    for name, value in values.items():
        result.put(name, value)
    return result

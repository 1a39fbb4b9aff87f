"""The type of Java objects.

py4j creates the attributes of a Java object at run time, so no type checker knows them. Every
annotation of such an object is this one name.
"""

from __future__ import annotations

from typing import Any

JavaObject = Any  # an object, a class or a package of the JVM

"""The domain of the columns (contract/table/domain.py) as constraints of PostgreSQL."""

from __future__ import annotations

from contract.table.columns import COLUMNS
from contract.table.domain import EARLIEST, LARGEST_DOUBLE, LATEST, PERIOD, PLACEHOLDER

# The comment of each constraint that Riada made begins with this mark, followed by its condition.
_MARK = "riada: "


def conditions() -> dict[str, str]:
    """Name of a constraint → its condition. An error shows only the name. Types and NOT NULL ensure
    the rest of the domain."""
    texts = ", ".join(column.name for column in COLUMNS if column.kind == "text")
    checks = {f"users_text_is_not{PLACEHOLDER}": f"'{PLACEHOLDER}' NOT IN ({texts})"}
    for column in COLUMNS:
        if column.kind == "double":
            largest = f"{LARGEST_DOUBLE!r}::double precision"
            checks[f"users_{column.name}_is_finite"] = f"abs({column.name}) <= {largest}"
        if column.kind == "timestamp":
            period = f"'{EARLIEST.isoformat()}' AND '{LATEST.isoformat()}'"
            name = f"users_{column.name}_from_{PERIOD}".replace("-", "_").replace(" ", "_")
            checks[name] = f"{column.name} BETWEEN {period}"
    return checks


def inside() -> str:
    """An SQL condition: is the row inside the domain?"""
    return " AND ".join(f"({condition}) IS NOT FALSE" for condition in conditions().values())


def ddl() -> str:
    """SQL that makes the constraints, also on a table with older rows outside the domain. A warning
    counts those rows, and each change of them must be inside the domain."""
    values = ",\n        ".join(f"('{name}', $${text}$$)" for name, text in conditions().items())
    return f"{VALIDATE}\n{_MAKE.replace('CONDITIONS', values)}"


VALIDATE = """\
CREATE OR REPLACE FUNCTION public.validate_users() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog SET riada.ddl = 'on' AS $function$
DECLARE
    it record;
    outside bigint;
BEGIN
    FOR it IN SELECT conname AS name, pg_get_expr(conbin, conrelid) AS condition FROM pg_constraint
              WHERE conrelid = 'public.users'::regclass AND NOT convalidated ORDER BY conname
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE public.users VALIDATE CONSTRAINT %I', it.name);
        EXCEPTION WHEN check_violation THEN
            EXECUTE format('SELECT count(*) FROM public.users WHERE NOT (%s)', it.condition)
            INTO outside;
            RAISE WARNING 'riada: % rows of public.users violate %: they do not reach Cassandra',
                outside, it.name
            USING HINT = format('Correct them: SELECT id FROM public.users WHERE NOT (%s). '
                'Then SELECT public.validate_users().', it.condition);
        END;
    END LOOP;
END $function$;
REVOKE ALL ON FUNCTION public.validate_users() FROM PUBLIC;
"""

_MAKE = f"""\
DO $do$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT wanted.*, present.name AS obsolete FROM (VALUES
        CONDITIONS
    ) AS wanted (name, condition) FULL JOIN (
        SELECT conname::text, substr(obj_description(oid, 'pg_constraint'), {len(_MARK) + 1})
        FROM pg_constraint WHERE conrelid = 'public.users'::regclass AND contype = 'c'
        AND obj_description(oid, 'pg_constraint') LIKE '{_MARK}%'
    ) AS present (name, condition) USING (name, condition)
    WHERE wanted.name IS NULL OR present.name IS NULL
    ORDER BY present.name
    LOOP
        IF it.obsolete IS NOT NULL THEN
            EXECUTE format('ALTER TABLE public.users DROP CONSTRAINT %I', it.obsolete);
        ELSE
            EXECUTE format('ALTER TABLE public.users ADD CONSTRAINT %I CHECK (%s) NOT VALID',
                it.name, it.condition);
            EXECUTE format('COMMENT ON CONSTRAINT %I ON public.users IS %L',
                it.name, '{_MARK}' || it.condition);
        END IF;
    END LOOP;
    PERFORM public.validate_users();
END $do$;
"""

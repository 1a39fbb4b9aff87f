CREATE TABLE public.order_lines (
    "Kunde" varchar(40),
    "Line No" integer,
    "offset" bigint NOT NULL,
    "select" varchar(20),
    "größe" numeric(10,2),
    committed_at timestamptz(3) NOT NULL,
    "it's a.name" text,
    value integer GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY ("Kunde", "Line No")
);

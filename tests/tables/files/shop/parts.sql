CREATE TABLE public.parts (
    plant varchar(20),
    part_no bigint,
    label varchar(80),
    manual text,
    weight numeric(12,4),
    made_on date,
    checked_at timestamptz(3) NOT NULL,
    tags text[],
    spec jsonb,
    picture bytea,
    contact varchar(80),
    active boolean NOT NULL,
    PRIMARY KEY (plant, part_no)
);

CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'très bien', 'it''s "x", {y}\');

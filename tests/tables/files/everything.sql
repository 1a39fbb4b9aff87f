CREATE TYPE public.mood AS ENUM ('calm', 'größer', 'it''s "new"', '');

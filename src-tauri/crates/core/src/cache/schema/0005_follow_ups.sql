-- Which days to look again were told, so that each is told once: the `follow_up_at` that it was told for. A new day is told
-- anew. `held_for` is the one that came while nothing might be told.
ALTER TABLE verdict ADD COLUMN told_for INTEGER;
ALTER TABLE verdict ADD COLUMN held_for INTEGER;

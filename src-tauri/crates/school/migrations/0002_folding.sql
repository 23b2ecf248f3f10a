-- By which rules `..._folded` were made; the program makes those of older rules anew.
ALTER TABLE cabinet ADD COLUMN fold_rules BIGINT NOT NULL DEFAULT 1;

-- Owners of networks are found by their names: addresses that have one get their texts anew, in the background.
UPDATE ip SET resolved = 0 WHERE organisation IS NOT NULL;

-- Names in the order of the alphabet. Ukrainian letters that Unicode has behind all others stand where they belong: ґ behind
-- г, є behind е, і (and ї, which is folded to it) behind и; each behind all that begins with the letter before.
ALTER TABLE contact ADD COLUMN name_sort TEXT GENERATED ALWAYS AS (
    replace(replace(replace(name_folded,
        'ґ', 'г' || char(65533)),
        'є', 'е' || char(65533)),
        'і', 'и' || char(65533))
) VIRTUAL;

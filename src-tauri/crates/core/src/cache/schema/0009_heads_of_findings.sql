-- What was found of a contact without the rows behind it, which are most of the text: all that a list shows.
ALTER TABLE insight ADD COLUMN heads TEXT NOT NULL DEFAULT '[]';
UPDATE insight SET heads = (
    SELECT json_group_array(json_remove(finding.value, '$.rows')) FROM json_each(insight.findings) AS finding
) WHERE json_valid(findings);

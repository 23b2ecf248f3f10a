-- Which one and two letters stand beside each other in the texts of addresses, agents and rules (`cache/letters.rs`).
-- What has gone since may still be named here: a row says that it is worth looking.
CREATE TABLE short_text (
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (kind, text)
) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('short_texts_missing', 1);

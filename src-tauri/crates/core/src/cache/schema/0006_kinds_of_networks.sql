-- Addresses of a kind that is not usual are few among many: without these every address is looked at to find them.
CREATE INDEX ip_by_kind ON ip (network_kind) WHERE network_kind IS NOT NULL;
CREATE INDEX ip_hosting ON ip (hosting) WHERE hosting = 1;

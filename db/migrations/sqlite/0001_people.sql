-- 0001_people.sql
-- Why: Who acts, where, and for whom. Times are UTC microseconds; nothing is NULL but cases.open_slot.
-- Released files are never edited; correct with the next one.

-- Districts, towns, villages. path: "/district/town/village/"; a prefix covers.
CREATE TABLE places (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT NOT NULL,
    level TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (code)
);
CREATE INDEX places_by_path ON places (path, level);
CREATE INDEX places_by_parent ON places (parent, code);

CREATE TABLE people (
    id TEXT NOT NULL,
    login TEXT NOT NULL, -- lower case
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    active INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (login)
);

-- A role within a jurisdiction. Ended, never deleted.
CREATE TABLE role_grants (
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    place_code TEXT NOT NULL,
    place_path TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by TEXT NOT NULL,
    ended_at INTEGER NOT NULL, -- 0: in force
    PRIMARY KEY (id),
    FOREIGN KEY (person) REFERENCES people (id)
);
CREATE INDEX role_grants_by_person ON role_grants (person, ended_at);
CREATE INDEX role_grants_by_role ON role_grants (role, place_path);
CREATE INDEX role_grants_by_place ON role_grants (place_code);

CREATE TABLE delegations (
    id TEXT NOT NULL,
    principal TEXT NOT NULL,
    delegate TEXT NOT NULL,
    role TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (principal) REFERENCES people (id),
    FOREIGN KEY (delegate) REFERENCES people (id)
);
CREATE INDEX delegations_by_principal ON delegations (principal);
CREATE INDEX delegations_by_delegate ON delegations (delegate, until_at);

-- Declared conflicts of interest.
CREATE TABLE interests (
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    place_code TEXT NOT NULL,
    reason TEXT NOT NULL,
    declared_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL, -- 0: in force
    PRIMARY KEY (id),
    FOREIGN KEY (person) REFERENCES people (id)
);
CREATE INDEX interests_by_person ON interests (person, place_code);
